using System.Globalization;
using System.Text.Json.Nodes;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>The places where two JSON documents differ; names only, since values may be private.</summary>
internal static class JsonDifference
{
    public static IEnumerable<string> Between(JsonNode? before, JsonNode? after, string path = "")
    {
        switch (before, after)
        {
            case (JsonObject left, JsonObject right):
                foreach (var key in left.Select(member => member.Key).Union(right.Select(member => member.Key)))
                    foreach (var found in Between(left[key], right[key], path.Length == 0 ? key : $"{path}.{key}")) yield return found;
                break;
            case (JsonArray left, JsonArray right) when left.Count == right.Count:
                for (var index = 0; index < left.Count; index++)
                {
                    var place = string.Create(CultureInfo.InvariantCulture, $"{path}[{index}]");
                    foreach (var found in Between(left[index], right[index], place)) yield return found;
                }

                break;
            default:
                if (!JsonNode.DeepEquals(before, after)) yield return path;
                break;
        }
    }
}
