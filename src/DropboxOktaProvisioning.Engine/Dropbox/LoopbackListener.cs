using System.Net;
using System.Security;
using System.Text;
using DropboxOktaProvisioning.Engine.Http;

namespace DropboxOktaProvisioning.Engine.Dropbox;

/// <summary>Waits on this machine's own address for the browser to bring the code of a sign-in. Nothing outside the machine can reach it.</summary>
public sealed class LoopbackListener : IDisposable
{
    private readonly HttpListener _listener = new();

    /// <summary>Listens.</summary>
    /// <param name="port">The port; the app has <see cref="AddressOf"/> of it registered as a redirect URI.</param>
    /// <exception cref="ProvisioningException"><see cref="ErrorIds.SignInPortTaken"/>.</exception>
    public LoopbackListener(int port)
    {
        Redirect = AddressOf(port);
        _listener.Prefixes.Add(Redirect.OriginalString);
        try
        {
            _listener.Start();
        }
        catch (HttpListenerException taken)
        {
            ((IDisposable)_listener).Dispose();
            throw new ProvisioningException(ErrorIds.SignInPortTaken, ProblemCategory.ResourceUnavailable,
                $"The port {port} of this machine cannot be listened on: {taken.Message}", port,
                $"Close what uses it, register another redirect URI such as {AddressOf(port + 1)} with the app and name its port with -RedirectPort, or use -NoBrowser.", taken);
        }
    }

    /// <summary>The redirect URI, as it must be registered with the app.</summary>
    public Uri Redirect { get; }

    /// <summary>The redirect URI of a port.</summary>
    public static Uri AddressOf(int port) => new($"http://127.0.0.1:{port}/");

    /// <summary>Waits for the answer to a sign-in. What is not an answer to this one is refused, and the wait goes on.</summary>
    /// <exception cref="ProvisioningException"><see cref="ErrorIds.SignInDenied"/>, or <see cref="ErrorIds.SignInTimedOut"/>.</exception>
    public async Task<SecureString> WaitAsync(DropboxSignIn signIn, TimeSpan limit, IProgress<RunEvent>? progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(signIn);
        using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        wait.CancelAfter(limit);
        await using CancellationTokenRegistration end = wait.Token.Register(_listener.Stop);
        try
        {
            while (true)
            {
                HttpListenerContext call = await _listener.GetContextAsync();
                var query = call.Request.QueryString;
                (string? code, string? error) = (query["code"], query["error"]);
                if (call.Request.Url?.AbsolutePath != "/" || (code is null && error is null))
                {
                    await AnswerAsync(call, 404, "There is nothing here.");
                    continue;
                }

                if (!signIn.IsOurs(query["state"]))
                {
                    await AnswerAsync(call, 400, "This is not the answer to the sign-in that is waiting.");
                    progress?.Report(new Caution("An answer to another sign-in came and was refused; the wait goes on."));
                    continue;
                }

                if (code is not null)
                {
                    await AnswerAsync(call, 200, "Dropbox is linked. You can close this page and go back to PowerShell.");
                    return SecretText.Protect(code);
                }

                await AnswerAsync(call, 200, "Dropbox was not linked. You can close this page.");
                throw new ProvisioningException(ErrorIds.SignInDenied, ProblemCategory.AuthenticationError,
                    error == "access_denied" ? "The app was not allowed at Dropbox." : $"Dropbox ended the sign-in: {Plain(query["error_description"] ?? error!)}", null,
                    "Run it again and choose Allow, signed in as a team admin. Scopes that the App Console does not have ticked are refused too.");
            }
        }
        catch (Exception stopped) when (wait.IsCancellationRequested && stopped is HttpListenerException or ObjectDisposedException or InvalidOperationException)
        {
            cancel.ThrowIfCancellationRequested();
            throw new ProvisioningException(ErrorIds.SignInTimedOut, ProblemCategory.OperationTimeout,
                $"No answer came from the browser within {limit.TotalMinutes:0.#} minutes.", null,
                $"Run it again. The redirect URI {Redirect} must be registered with the app; a browser on another machine cannot reach this one: use -NoBrowser there.");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_listener).Dispose();

    private static string Plain(string text)
    {
        string line = string.Concat(text.Where(c => !char.IsControl(c)));
        return line.Length <= 200 ? line : line[..200] + "…";
    }

    private static async Task AnswerAsync(HttpListenerContext call, int status, string text)
    {
        byte[] page = Encoding.UTF8.GetBytes($"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Sign-in</title></head><body><p>{text}</p></body></html>");
        try
        {
            call.Response.StatusCode = status;
            call.Response.ContentType = "text/html; charset=utf-8";
            call.Response.Headers["Cache-Control"] = "no-store";
            call.Response.Headers["Referrer-Policy"] = "no-referrer";
            call.Response.ContentLength64 = page.Length;
            await call.Response.OutputStream.WriteAsync(page);
            call.Response.Close();
        }
        catch (HttpListenerException)
        {
            // The browser has gone; what it brought is here.
        }
    }
}
