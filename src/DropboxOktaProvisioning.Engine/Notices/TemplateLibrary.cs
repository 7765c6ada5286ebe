namespace DropboxOktaProvisioning.Engine.Notices;

/// <summary>The templates of a run in every language that there is: the built-in ones, and over them those of a folder of one's own.</summary>
/// <remarks>
/// A folder may have a folder per language (<c>de</c>, <c>pt-BR</c>). What lies in it directly is of the default language; a folder that has nothing else
/// speaks that one language to everybody. What is missing comes from the built-in templates of the language, then from the English ones.
/// </remarks>
internal sealed class TemplateLibrary
{
    private readonly string? _folder;
    private readonly Dictionary<string, string> _folders = [];
    private readonly Dictionary<(string Name, string Language), TemplateSet> _sets = [];
    private readonly HashSet<string> _languages;

    /// <summary>Reads and parses the templates with these names in all languages.</summary>
    /// <exception cref="ProvisioningException">TemplateNotFound or TemplateInvalid.</exception>
    public TemplateLibrary(string? folder, string defaultLanguage, IReadOnlyCollection<string> names)
    {
        _folder = folder;
        Default = NoticeLanguage.Normal(defaultLanguage) ?? throw NoLanguage(defaultLanguage);
        if (folder is not null) LookInto(folder);
        var isFlat = folder is not null && _folders.Count == 0;
        _languages = isFlat ? [Default] : [.. NoticeTemplates.Languages, .. _folders.Keys];
        Default = NoticeLanguage.Chain(Default).FirstOrDefault(_languages.Contains) ?? throw NoLanguage(defaultLanguage);
        foreach (var language in _languages)
            foreach (var name in names) _sets.Add((name, language), TemplateSet.Load(name, language, file => OwnFile(file, language)));
    }

    /// <summary>The language of those whose own there are no templates in.</summary>
    public string Default { get; }

    /// <summary>The languages that there are.</summary>
    public IReadOnlyCollection<string> Languages => _languages;

    /// <summary>The texts of all templates, and the languages that they are in.</summary>
    public IEnumerable<string> Sources => _sets.OrderBy(set => set.Key).SelectMany(set => set.Value.Sources.Prepend(set.Key.Language)).Prepend(Default);

    /// <summary>The language to write to somebody in: the region's, the language's, else the default one.</summary>
    public string Choose(string? profile) => NoticeLanguage.Wanted(profile).FirstOrDefault(_languages.Contains) ?? Default;

    /// <summary>The words of a kind in a language.</summary>
    public TemplateSet Find(string name, string language) => _sets[(name, language)];

    private string? OwnFile(string file, string language)
    {
        if (_folder is null) return null;
        var places = NoticeLanguage.Chain(language).Select(tag => _folders.GetValueOrDefault(tag)).OfType<string>();
        if (language == Default) places = places.Append(_folder);
        return places.Select(place => Path.Combine(place, file)).FirstOrDefault(File.Exists);
    }

    private void LookInto(string folder)
    {
        static bool HasTemplates(string place) => NoticeTemplates.FileNames.Any(file => File.Exists(Path.Combine(place, file)));
        var isThere = Directory.Exists(folder);
        foreach (var place in isThere ? Directory.GetDirectories(folder).Where(HasTemplates).Order(StringComparer.Ordinal) : Enumerable.Empty<string>())
            if (NoticeLanguage.Normal(Path.GetFileName(place)) is { } tag) _folders.TryAdd(tag, place);

        var what = !isThere ? "is not there" : _folders.Count == 0 && !HasTemplates(folder) ? "holds no template" : null;
        if (what is null) return;
        throw new ProvisioningException(
            ErrorIds.TemplateNotFound, ProblemCategory.ObjectNotFound, $"The template folder '{folder}' {what}.", folder,
            $"Name a folder that holds one or more of these, or a folder per language with them: {string.Join(", ", NoticeTemplates.FileNames)}.");
    }

    private ProvisioningException NoLanguage(string language) => new(
        ErrorIds.TemplateNotFound, ProblemCategory.ObjectNotFound, $"There are no templates in the language '{language}'.", language,
        $"There are: {string.Join(", ", _languages ?? [.. NoticeTemplates.Languages])}. A folder of -TemplatePath may have further ones.");
}
