using System.Text.RegularExpressions;
using DropboxOktaProvisioning.Engine.Notices;
using MimeKit;

namespace DropboxOktaProvisioning.Engine.Tests.Notices;

/// <summary>A mail that is filled in again says nothing of whom it was for before.</summary>
public sealed partial class MailFormTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly NoticeOptions Options = new() { From = "IT <it@contoso.example>", MoreSenders = ["Helpdesk <helpdesk@contoso.example>"], TeamName = "Contoso" };

    private static readonly DropboxUserStatus[] People =
    [
        new() { Email = "ada@contoso.example", Name = "Ada Example" },
        new() { Email = "hanako@contoso.example", Name = "例 花子", Language = "ja" },
        new() { Email = "zoë@contoso.example", Name = "Zoë Exämple", Language = "de", DaysWaiting = 3, TileUrl = new Uri("https://contoso.okta.example/home/1") },
        new() { Email = "ben@contoso.example" },
    ];

    [Theory]
    [InlineData(null)]
    [InlineData("me@contoso.example")]
    public void Filled_in_again_it_is_what_a_new_one_would_be(string? redirectTo)
    {
        var options = Options with { RedirectTo = redirectTo };
        var again = new NoticeComposer(options);
        MailForm? first = null;
        foreach (var (person, place) in People.Concat(Enumerable.Reverse(People)).Concat(People).Select((person, place) => (person, place)))
        {
            // Two mail servers that take mails in different ways, by turns that do not go with the people's.
            var constraint = place % 3 == 0 ? EncodingConstraint.EightBit : EncodingConstraint.SevenBit;
            using var form = Fill(again, person);
            Assert.Same(first ??= form, form);
            using var fresh = Fill(new NoticeComposer(options), person);
            Assert.Equal(Wire(fresh, constraint), Wire(form, constraint));
        }
    }

    [Fact]
    public void Two_at_once_are_two_mails_and_each_sender_has_its_own()
    {
        var composer = new NoticeComposer(Options);
        using var ada = Fill(composer, People[0]);
        using var ben = Fill(composer, People[3]);
        using var fromHelpdesk = Fill(composer, People[0], "helpdesk@contoso.example");

        Assert.Equal("\"Ada Example\" <ada@contoso.example>", ada.Message.To.ToString());
        Assert.Equal("ben@contoso.example", ben.Message.To.ToString());
        Assert.Equal("\"IT\" <it@contoso.example>", ben.Message.From.ToString());
        Assert.Equal("\"Helpdesk\" <helpdesk@contoso.example>", fromHelpdesk.Message.From.ToString());
    }

    [Fact]
    public void Whom_it_was_for_is_not_kept()
    {
        var composer = new NoticeComposer(Options);
        var addresses = FillAndForget(composer);
        using var form = Fill(composer, People[3]);
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.DoesNotContain(addresses, address => address.TryGetTarget(out _));
        Assert.Single(FillMany(composer, 20).Distinct(ReferenceEqualityComparer.Instance));
    }

    // In a method of its own, so that no local variable keeps them.
    private static List<WeakReference<MailboxAddress>> FillAndForget(NoticeComposer composer)
    {
        var addresses = new List<WeakReference<MailboxAddress>>();
        foreach (var person in People)
        {
            var content = composer.Compose(person);
            addresses.Add(new WeakReference<MailboxAddress>(content.To));
            composer.ToMail(content, Notice(composer, person, null), Now).Dispose();
        }

        return addresses;
    }

    private static IEnumerable<MailForm> FillMany(NoticeComposer composer, int many)
    {
        for (var i = 0; i < many; i++)
        {
            using var form = Fill(composer, People[i % People.Length]);
            yield return form;
        }
    }

    private static MailForm Fill(NoticeComposer composer, DropboxUserStatus person, string? sender = null) =>
        composer.ToMail(composer.Compose(person), Notice(composer, person, sender), Now.AddDays(person.Email.Length));

    private static ActivationNotice Notice(NoticeComposer composer, DropboxUserStatus person, string? sender) =>
        new() { Id = "n-" + person.Email.Length, MessageId = composer.MessageId("n-" + person.Email.Length), Sender = sender };

    // As the mail server gets it, but for the mark between its parts, which is made up.
    private static string Wire(MailForm form, EncodingConstraint constraint)
    {
        form.Message.Prepare(constraint);
        using var wire = new MemoryStream();
        form.Message.WriteTo(wire);
        return Boundary().Replace(System.Text.Encoding.UTF8.GetString(wire.ToArray()), "--between");
    }

    [GeneratedRegex("=-[A-Za-z0-9+/=]+")]
    private static partial Regex Boundary();
}
