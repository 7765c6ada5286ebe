using System.Net.Sockets;
using System.Security.Authentication;

namespace DropboxOktaProvisioning.Engine.Http;

/// <summary>What can happen to a request on its way, told apart and put into words.</summary>
internal static class Transport
{
    /// <summary>Whether the exception says that the network failed, and not the program.</summary>
    public static bool IsFailure(Exception exception) =>
        exception is HttpRequestException or IOException or InvalidDataException or TimeoutException or SocketException;

    /// <summary>Whether a repeat may help.</summary>
    /// <param name="exception">What the network did.</param>
    /// <param name="answeredBefore">Whether the host has answered before: one that never did is more likely mistyped than down.</param>
    public static bool IsTransient(Exception exception, bool answeredBefore) => IsFailure(exception) && KindOf(exception) switch
    {
        HttpRequestError.SecureConnectionError => false,
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError => answeredBefore,
        _ => true,
    };

    /// <summary>Whether the request surely never reached the service.</summary>
    public static bool NeverLeft(Exception exception) => KindOf(exception) is HttpRequestError.NameResolutionError
        or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    /// <summary>What happened, for a wait: a short sentence.</summary>
    public static string Brief(Exception exception) => exception is TimeoutException ? "No answer came in time." : KindOf(exception) switch
    {
        HttpRequestError.NameResolutionError => "The name is not known.",
        HttpRequestError.ConnectionError or HttpRequestError.ProxyTunnelError => "There is no connection.",
        _ => "The connection broke.",
    };

    /// <summary>The error for a request that got no usable answer.</summary>
    public static ServiceException ToError(Exception exception, string service, Uri origin, bool safe)
    {
        (string what, string action) = Describe(exception, origin.Host);
        bool unclear = !safe && !NeverLeft(exception);
        if (unclear) what += " The change may or may not have been made.";
        return new ServiceException(
            ErrorIds.ServiceUnreachable, exception is TimeoutException ? ProblemCategory.OperationTimeout : ProblemCategory.ConnectionError,
            service, what, unclear ? "Read the state back before trying again. " + action : action, origin.Host)
        {
            MayHaveBeenApplied = unclear,
        };
    }

    private static (string What, string Action) Describe(Exception exception, string host) => KindOf(exception) switch
    {
        _ when exception is TimeoutException => (
            $"{host} gave no complete answer in time.", "Try again; if it goes on, look at the service's status page and at the network between."),
        HttpRequestError.NameResolutionError => (
            $"The name {host} is not known.", "Check the spelling of the domain, and that this machine can look up names on the internet."),
        HttpRequestError.SecureConnectionError => (
            $"No secure connection to {host}: the TLS handshake failed.",
            "Check the machine's clock, and whether a proxy with a certificate of its own stands between."),
        HttpRequestError.ProxyTunnelError => (
            $"The proxy did not let the connection to {host} through.", "Check the proxy settings (HTTPS_PROXY) and that the proxy allows the host."),
        HttpRequestError.ConnectionError when IsRefused(exception) => (
            $"{host} refused the connection.", "Check the domain, and that a firewall lets this machine reach it on its https port."),
        HttpRequestError.ConnectionError => (
            $"{host} could not be reached.", "Check the network connection, the proxy settings and the firewall."),
        _ => ($"The connection to {host} broke before its answer was complete.", "Try again; if it goes on, look at the network and proxies between."),
    };

    private static HttpRequestError KindOf(Exception exception) => exception switch
    {
        HttpRequestException { HttpRequestError: not HttpRequestError.Unknown } known => known.HttpRequestError,
        HttpIOException io => io.HttpRequestError,
        _ when Find<AuthenticationException>(exception) is not null => HttpRequestError.SecureConnectionError,
        _ => Find<SocketException>(exception)?.SocketErrorCode switch
        {
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => HttpRequestError.NameResolutionError,
            SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NetworkDown
                => HttpRequestError.ConnectionError,
            _ => HttpRequestError.ResponseEnded,
        },
    };

    private static bool IsRefused(Exception exception) => Find<SocketException>(exception)?.SocketErrorCode == SocketError.ConnectionRefused;

    private static T? Find<T>(Exception? exception)
        where T : Exception
    {
        while (exception is not (null or T)) exception = exception.InnerException;
        return (T?)exception;
    }
}
