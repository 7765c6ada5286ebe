using DropboxOktaProvisioning.Engine.Dropbox;
using DropboxOktaProvisioning.Engine.Http;
using DropboxOktaProvisioning.Engine.Okta;

namespace DropboxOktaProvisioning.Engine.Workflow;

/// <summary>How long the two lists take still: the forecast, corrected by each page and by how long answers really take.</summary>
internal sealed class ReadingOutlook(OktaClient okta, DropboxTeamClient dropbox)
{
    private readonly int _expected = dropbox.Team.ProvisionedUsers;

    /// <summary>So many of the app's users are read.</summary>
    public Advanced Assignments(int read)
    {
        var most = okta.RateLimits.Now.FirstOrDefault(seen => seen.Bucket == ServiceBucket.Apps)?.Ceiling;
        return Of("Reading assignments from Okta", read, Forecast.Duration(PagesLeft(read, 500), most, okta.AnswerTime ?? TimeSpan.Zero));
    }

    /// <summary>So many of the team's members are read.</summary>
    public Advanced Members(int read) =>
        Of("Reading members from Dropbox", read, Forecast.Duration(PagesLeft(read, 1000), null, dropbox.AnswerTime ?? TimeSpan.Zero));

    private int PagesLeft(int read, int size) => Math.Max(0, _expected - read + size - 1) / size;

    // The team's count is a guess at both lists, so what is beyond it has no total any more.
    private Advanced Of(string activity, int read, TimeSpan left) => new(activity, read, read < _expected ? _expected : null) { Left = read < _expected ? left : null };
}
