using DropboxOktaProvisioning.Engine.Reports;

namespace DropboxOktaProvisioning.Engine.Tests.Reports;

/// <summary>What is counted, and what is left unknown.</summary>
public sealed class ActivationFunnelTests
{
    private static readonly DateTimeOffset March = new(2026, 3, 3, 9, 0, 0, TimeSpan.Zero);

    private static DropboxUserStatus Person(string email, string? dropbox, double? days = null, DateTimeOffset? told = null) => new()
    {
        Email = email,
        AssignmentStatus = "PROVISIONED",
        DropboxStatus = dropbox,
        Stage = dropbox switch { "active" => ProvisioningStage.Active, "invited" => ProvisioningStage.AwaitingActivation, _ => ProvisioningStage.NotProvisioned },
        LastNotice = told,
        JoinedOn = days is { } after ? (told ?? March).AddDays(after) : null,
    };

    private static IReadOnlyList<ActivationProgress> Funnel(ProgressGrouping by, params DropboxUserStatus[] people) =>
        new ActivationFunnel(TeamMemory.Empty, everyone: true).Of([.. people.Select(person => person.Email.StartsWith("told", StringComparison.Ordinal) ? person with { LastNotice = March } : person)], by);

    [Fact]
    public void Each_step_counts_those_who_came_so_far()
    {
        var row = Assert.Single(Funnel(
            ProgressGrouping.Everyone,
            Person("a@contoso.example", null),
            Person("b@contoso.example", "invited") with { AttemptsRead = true },
            Person("told-c@contoso.example", "invited") with { AttemptsRead = true, TriedOn = March },
            Person("told-d@contoso.example", "active", 2),
            Person("e@contoso.example", "removed"),
            Person("f@contoso.example", "active", 2) with { AssignmentStatus = null }));
        Assert.Equal(("Everyone", 5, 3, 2, 2, 1, 20), (row.Group, row.Assigned, row.Provisioned, row.Told, row.Tried, row.Active, row.ActivePercent));
    }

    [Fact]
    public void Where_the_logs_of_one_who_waits_were_not_read_nobody_knows_how_many_tried()
    {
        var tried = Person("c@contoso.example", "invited") with { AttemptsRead = true, TriedOn = March };
        Assert.Null(Assert.Single(Funnel(ProgressGrouping.Everyone, Person("a@contoso.example", "active", 1), tried, Person("b@contoso.example", "invited"))).Tried);
        Assert.Equal(2, Assert.Single(Funnel(ProgressGrouping.Everyone, Person("a@contoso.example", "active", 1), tried)).Tried);
    }

    [Fact]
    public void Days_are_of_those_who_joined_after_their_notice()
    {
        DropboxUserStatus[] people = [.. Enumerable.Range(1, 10).Select(day => Person($"p{day}@contoso.example", "active", day, March)), Person("before@contoso.example", "active", -5, March), Person("untold@contoso.example", "active", 3)];
        var row = Assert.Single(Funnel(ProgressGrouping.Everyone, people));
        Assert.Equal((5.5, 9.0), (row.MedianDays, row.Percentile90Days));
        Assert.Equal((3.0, 3.0), Funnel(ProgressGrouping.Everyone, people[2]) is [var one] ? (one.MedianDays, one.Percentile90Days) : default);
        var none = Assert.Single(Funnel(ProgressGrouping.Everyone, Person("a@contoso.example", "invited")));
        Assert.Null(none.MedianDays);
        Assert.Null(none.Percentile90Days);
    }

    [Fact]
    public void People_are_put_together_by_domain_and_by_month_of_the_notice_the_biggest_group_first()
    {
        DropboxUserStatus[] people =
        [
            Person("a@Contoso.example", "invited", told: March), Person("b@contoso.example", null), Person("c@fabrikam.example", "active", 1, March.AddMonths(1)), Person("d@contoso.example", "invited", told: March),
        ];
        Assert.Equal([("contoso.example", 3), ("fabrikam.example", 1)], Funnel(ProgressGrouping.Domain, people).Select(row => (row.Group, row.Assigned)));
        Assert.Equal([("2026-03", 2), ("", 1), ("2026-04", 1)], Funnel(ProgressGrouping.NoticeMonth, people).Select(row => (row.Group, row.Assigned)));
    }

    [Fact]
    public void By_department_who_has_none_is_in_the_row_without_one() => Assert.Equal(
        [("Sales", 2), ("", 1)],
        Funnel(
            ProgressGrouping.Department, Person("a@contoso.example", "invited") with { Department = "Sales" }, Person("b@contoso.example", null),
            Person("c@contoso.example", "active", 1) with { Department = " Sales " }).Select(row => (row.Group, row.Assigned)));

    [Fact]
    public void Nobody_gives_no_row() => Assert.Empty(Funnel(ProgressGrouping.Everyone));

    [Theory]
    [InlineData(0, 4, 6, "[....]")]
    [InlineData(2, 4, 6, "[##..]")]
    [InlineData(4, 4, 6, "[####]")]
    [InlineData(999, 1000, 12, "[#########.]")]
    [InlineData(1, 1, 0, "[#]")]
    [InlineData(0, 0, 10, "")]
    public void The_bar_is_full_only_where_all_are_active(int active, int assigned, int width, string bar) =>
        Assert.Equal(bar, new ActivationProgress { Active = active, Assigned = assigned }.Bar(width));
}
