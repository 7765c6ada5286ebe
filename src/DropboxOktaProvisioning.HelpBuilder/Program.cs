namespace DropboxOktaProvisioning.HelpBuilder;

/// <summary>Called by the build with the manifest, the folder of pages and the help file to make; by a person with <c>--update</c> in place of the file.</summary>
internal static class Program
{
    private const string Usage = "usage: <manifest> <folder of pages> <help file to make> | --update";

    private static int Main(string[] arguments)
    {
        if (arguments is not [var manifest, var folder, var target])
        {
            Console.Error.WriteLine(Usage);
            return 2;
        }

        var commands = ModuleCommands.Read(Path.GetFullPath(manifest));
        if (target == "--update")
        {
            var words = new ParameterWords(Path.ChangeExtension(commands[0].Type.Assembly.Location, ".xml"));
            foreach (var command in commands) PageUpdate.Run(Path.Combine(folder, command.Name + ".md"), command, words);
            return 0;
        }

        var problems = new List<PageProblem>();
        var topics = new List<(ModuleCommand, HelpPage)>();
        foreach (var command in commands)
        {
            var file = Path.Combine(folder, command.Name + ".md");
            if (!File.Exists(file))
            {
                problems.Add(new PageProblem(file, 1, $"{command.Name} has no page."));
                continue;
            }

            var page = PageReader.Read(file);
            problems.AddRange(PageCheck.Problems(page, command, commands));
            topics.Add((command, page));
        }

        problems.AddRange(Directory.GetFiles(folder, "*-*.md").Where(file => commands.All(command => command.Name != Path.GetFileNameWithoutExtension(file)))
            .Select(file => new PageProblem(file, 1, "No command has this name.")));
        foreach (var problem in problems) Console.Error.WriteLine(problem);
        if (problems.Count > 0)
        {
            Console.Error.WriteLine("Run the help builder with --update (see module/help/README.md) for what follows from the commands, and write the rest.");
            return 1;
        }

        HelpFile.Write(target, topics);
        return 0;
    }
}
