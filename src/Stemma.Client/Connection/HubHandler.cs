using System.Net.Sockets;

namespace Stemma.Client;

/// <summary>The connection to a hub, tuned for many small requests beside a few very long ones.</summary>
public static class HubHandler
{
    // linux/tcp.h: how long sent bytes may stay unacknowledged before the connection counts as lost.
    private const int TcpUserTimeout = 18;
    private const int TcpUserTimeoutMilliseconds = 60_000;

    /// <summary>Plain HTTP/1.1 with connections kept open. A proxy from the environment is used, except towards this machine.</summary>
    /// <param name="pin">The one certificate that is accepted; null: any that the system trusts for the hub's name.</param>
    public static SocketsHttpHandler Create(Uri hub, CertificatePin? pin = null) => new()
    {
        SslOptions = pin is null ? new() : new() { RemoteCertificateValidationCallback = (_, certificate, _, _) => pin.Matches(certificate) },
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
        Expect100ContinueTimeout = TimeSpan.Zero,
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = !hub.IsLoopback,
        ConnectCallback = static async (context, cancellationToken) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                // A hub whose machine lost power never says goodbye: ask the connection, and give up on it in time.
                socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 10);
                socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
                if (OperatingSystem.IsLinux())
                    socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, TcpUserTimeout, BitConverter.GetBytes(TcpUserTimeoutMilliseconds));
                await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };
}
