using System.Text.Json.Nodes;

namespace DropboxOktaProvisioning.Sandbox.Okta;

/// <summary>Adds apps of the catalog to the org (<c>POST /api/v1/apps</c>, okta.md §1.4).</summary>
internal sealed class OktaCatalog(List<DropboxApp> apps, Func<int, DropboxApp> makeTwin)
{
    /// <summary>Whether the org's catalog lets the API add the Dropbox app.</summary>
    public bool HasDropbox { get; set; } = true;

    /// <summary>Adds an app, and tells its number.</summary>
    public int Add(OktaRequest request)
    {
        var body = request.Body();
        if (Text(body, "name") is not OktaApps.DropboxKey || !HasDropbox)
            throw OktaFailure.Invalid("name", "The app is not in the catalog of this org");
        var label = Text(body, "label") ?? throw OktaFailure.Invalid("label", "The field cannot be left blank");
        var signOnMode = Text(body, "signOnMode") ?? throw OktaFailure.Invalid("signOnMode", "The field cannot be left blank");

        var number = apps[0].Exists ? apps.Count : 0;
        if (number > 1) throw OktaFailure.Invalid("label", "The sandbox has room for two Dropbox apps");
        if (number == 1) apps.Add(makeTwin(1));
        var app = apps[number];
        (app.Exists, app.Label, app.SignOnMode, app.IsActive) = (true, label, signOnMode, request.Query("activate") != "false");
        foreach (var (name, value) in body["settings"]?["app"] as JsonObject ?? []) ((JsonObject)app.Settings["app"]!)[name] = value?.DeepClone();
        return number;
    }

    private static string? Text(JsonObject body, string name) =>
        body[name] is JsonValue value && value.TryGetValue(out string? text) && text.Length > 0 ? text : null;
}
