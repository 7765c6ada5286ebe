namespace DropboxOktaProvisioning.Engine.Notices;

/// <content>Every template filled in for people who do not exist: for the check before anything is sent, and to look at.</content>
internal sealed partial class NoticeComposer
{
    private static readonly DateTimeOffset SampleDay = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    /// <summary>Each kind in each language.</summary>
    /// <param name="full">With all that may be known of a person, or with nothing but the address.</param>
    public IEnumerable<(string Name, string Language, NoticeContent Content)> Samples(bool full) =>
        from language in _library.Languages
        from name in _manners.TemplateNames
        select (name, language, Sample(name, language, full));

    private NoticeContent Sample(string name, string language, bool full) => name switch
    {
        TemplateSet.Escalation => ComposeEscalation(new Recipient("cara.example@contoso.example", full ? "Cara Example" : null), Lines(full), language),
        TemplateSet.Digest => ComposeDigest(new RunSummary(SampleDay, full ? 1200 : 0, Lines(full), full ? Lines(full) : [], full ? Lines(full) : [], full ? Lines(full) : [], full ? Lines(full) : []), language),
        _ => Compose(SamplePerson(full, name == TemplateSet.PersonalAccount), SampleOccasion(name, full), language),
    };

    private static DropboxUserStatus SamplePerson(bool full, bool hasPersonalAccount)
    {
        var bare = new DropboxUserStatus { Email = "ada.example@contoso.example", PersonalAccount = hasPersonalAccount ? PersonalAccountLikelihood.Confirmed : PersonalAccountLikelihood.None };
        return full ? bare with { Name = "Ada Example", DaysWaiting = 3, TileUrl = new Uri("https://contoso.okta.example/home/dropbox_for_business/0oa1example/1") } : bare;
    }

    private static Occasion SampleOccasion(string name, bool full) => name switch
    {
        TemplateSet.Reminder => new Occasion(NoticeKind.Reminder, 1, IsLast: false, full ? SampleDay : null),
        TemplateSet.LastReminder => new Occasion(NoticeKind.Reminder, 3, IsLast: true, full ? SampleDay : null),
        _ => Occasion.First,
    };

    private static MailLine[] Lines(bool full)
    {
        MailLine One(string email, string name) => !full ? new MailLine { Email = email } : new MailLine
        {
            Email = email, Name = name, Kind = NoticeKind.Reminder, Step = 1, Stage = ProvisioningStage.CannotSignOn, Reason = "Okta user is locked out.",
            ToldOn = SampleDay, Until = SampleDay.AddDays(1),
        };
        return full ? [One("ada.example@contoso.example", "Ada Example"), One("ben.example@contoso.example", "Ben Example")] : [One("ada.example@contoso.example", "")];
    }

    // A template that parses can still ask for a value that is not there; better now than after half of the people.
    private void TryOut()
    {
        foreach (var full in new[] { true, false })
        {
            foreach (var (name, language, content) in Samples(full))
            {
                var empty = content.Subject.Length == 0 ? "subject" : string.IsNullOrWhiteSpace(content.Text) ? "text" : string.IsNullOrWhiteSpace(content.Html) ? "html" : null;
                if (empty is not null) throw TemplateFile.Invalid($"{language}/{name}.{empty}.liquid", "becomes an empty text");
            }
        }
    }
}
