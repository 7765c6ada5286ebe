using DropboxOktaProvisioning.Sandbox;
using DropboxOktaProvisioning.SandboxHost;

HostOptions options;
SandboxFaults faults;
ProvisioningWorld world;
try
{
    options = HostOptions.Parse(args);
    if (options.ShowHelp)
    {
        Console.Out.WriteLine(HostOptions.Help);
        return 0;
    }

    var now = TimeProvider.System.GetUtcNow();
    world = new ProvisioningWorld(new SandboxOptions
    {
        UserCount = options.Users,
        Seed = options.Seed,
        Clock = TimeProvider.System,
        Start = new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero) - options.Age,
    });
    faults = world.Faults;
    faults.Apply(options.Faults);
    if (options.OktaLimit is { } limit) faults.LimitRequests(SandboxService.Okta, limit);
    faults.Latency = options.Latency;
    if (options.OktaScopes is { } okta) world.ServiceApp.GrantedScopes = okta;
    world.DropboxConsent = options.Consent;
    if (options.DropboxScopes is { } dropbox) world.DropboxScopes = dropbox;
}
catch (Exception problem) when (problem is FormatException or ArgumentException)
{
    Console.Error.WriteLine(problem.Message);
    return 2;
}

try
{
    await using var server = await SandboxServer.StartAsync(world, options.Port);
    var origin = server.Origin.GetLeftPart(UriPartial.Authority);
    Console.Out.WriteLine($"okta {origin}");
    Console.Out.WriteLine($"dropbox {origin}");
    Console.Out.WriteLine($"okta-token {world.OktaApiToken}");
    Console.Out.WriteLine($"okta-client-id {world.ServiceApp.ClientId}");
    Console.Out.WriteLine($"okta-private-key {world.ServiceApp.PrivateKeyJwk}");
    Console.Out.WriteLine($"dropbox-app-key {world.DropboxAppKey}");
    Console.Out.WriteLine($"dropbox-refresh-token {world.DropboxRefreshToken}");
    Console.Out.WriteLine($"dropbox-access-token {world.DropboxAccessToken}");
    Console.Out.WriteLine("ready");
    await server.WaitForShutdownAsync();
    return 0;
}
catch (IOException problem)
{
    Console.Error.WriteLine($"--port {options.Port} cannot be served: {problem.Message}");
    return 2;
}
