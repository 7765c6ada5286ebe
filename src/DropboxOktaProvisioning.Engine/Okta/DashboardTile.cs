using System.Text.Json.Nodes;

namespace DropboxOktaProvisioning.Engine.Okta;

/// <summary>The app's tile on the Okta dashboard.</summary>
public static class DashboardTile
{
    /// <summary>The tile's address, or null unless people who are assigned really see it.</summary>
    /// <remarks>Visible means: the app is active, not hidden on the web, and a link of it is switched on (Application.visibility of the management API).</remarks>
    public static Uri? Of(OktaApp app)
    {
        if (app.Status != "ACTIVE") return null;
        if (app.At("visibility", "hide", "web") is JsonValue hidden && hidden.TryGetValue(out bool isHidden) && isHidden) return null;

        foreach (var link in (app.At("_links", "appLinks") as JsonArray ?? []).OfType<JsonObject>())
        {
            if (link["href"] is not JsonValue href || !href.TryGetValue(out string? address)) continue;
            var name = link["name"] is JsonValue value && value.TryGetValue(out string? text) ? text : null;
            if (!IsOn(app.At("visibility", "appLinks") as JsonObject, name)) continue;
            if (Uri.TryCreate(address, UriKind.Absolute, out var url) && url.Scheme is "https" or "http") return url;
        }

        return null;
    }

    private static bool IsOn(JsonObject? switches, string? name) =>
        switches is null || name is null || switches[name] is not JsonValue value || !value.TryGetValue(out bool on) || on;
}
