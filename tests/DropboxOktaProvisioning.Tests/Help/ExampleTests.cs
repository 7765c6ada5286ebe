using DropboxOktaProvisioning.HelpBuilder;

namespace DropboxOktaProvisioning.Tests.Help;

/// <summary>Every example of every page, run as it stands there.</summary>
public sealed class ExampleTests(ExampleTests.Service service) : IClassFixture<ExampleTests.Service>
{
    public static TheoryData<string, string> All
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var page in Pages.All)
            {
                foreach (var example in page.Examples) all.Add(page.Title, example.Title);
            }

            return all;
        }
    }

    [Theory, MemberData(nameof(All))]
    public void It_runs_without_an_error(string command, string title)
    {
        var code = Pages.Of(command).Examples.Single(example => example.Title == title).Code;
        using var session = new ModuleSession();
        session.Runspace.SessionStateProxy.SetVariable("Service", service.Told);
        session.Runspace.SessionStateProxy.SetVariable("Code", code);
        session.Run(File.ReadAllText(Path.Combine(Repository.Root, "tests", "DropboxOktaProvisioning.Tests", "Help", "ExampleSetup.ps1"))).Clean();
        session.Run("$ErrorActionPreference = 'Continue'").Clean();
        session.Run(code).Clean();
    }

    /// <summary>A sandbox in a process of its own, for the examples that sign in.</summary>
    public sealed class Service : IDisposable
    {
        private readonly SandboxProcess _process = new("--users", "60");

        internal Dictionary<string, object> Told
        {
            get
            {
                string[] names = ["okta", "okta-client-id", "okta-private-key", "okta-token", "dropbox", "dropbox-app-key", "dropbox-refresh-token", "dropbox-access-token"];
                var told = names.ToDictionary(name => name, name => (object)_process[name]);
                told["free-port"] = FreePort.Take();
                return told;
            }
        }

        public void Dispose() => _process.Dispose();
    }
}
