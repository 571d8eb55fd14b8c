using System.ComponentModel.DataAnnotations;

namespace Stemma.Hub;

/// <summary>
/// Everything an administrator can set: in <c>stemma.json</c> in the data folder, as environment variables (<c>STEMMA__…</c>) or as options of <c>stemma serve</c>.
/// </summary>
public sealed class HubOptions
{
    /// <summary>The folder that holds everything: database, blobs, artifacts, incoming uploads, secrets.</summary>
    /// <value><c>/var/lib/stemma</c></value>
    [Required]
    public string Data { get; set; } = "/var/lib/stemma";

    /// <summary>Addresses to listen on, separated by semicolons.</summary>
    /// <value><c>http://127.0.0.1:5480</c></value>
    [Required]
    public string Urls { get; set; } = "http://127.0.0.1:5480";

    /// <summary>Connection string of your own PostgreSQL; null: a private one inside the data folder.</summary>
    public string? Postgres { get; set; }

    /// <summary>PEM or PFX certificate for <c>https://</c> addresses, followed by the authorities between it and the root. Read at the start.</summary>
    public string? Certificate { get; set; }

    /// <summary>PEM key of <see cref="Certificate"/>, where it is not in the same file.</summary>
    public string? CertificateKey { get; set; }

    /// <summary>File whose first line is the password of the PFX or of an encrypted PEM key. A file, since others can see command lines and environments.</summary>
    public string? CertificatePasswordFile { get; set; }

    /// <summary>How long browsers that reached us over our own TLS refuse plain HTTP to the same host name, in days (HSTS). It holds for every port of that name.</summary>
    /// <value>30; 0 says nothing to browsers.</value>
    [Range(0, 730)]
    public int HstsDays { get; set; } = 30;

    /// <summary>Addresses or networks of reverse proxies whose <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> are believed. They end TLS in front of us.</summary>
    public string[] TrustedProxies { get; set; } = [];

    /// <summary>Allows plain HTTP on addresses other than loopback. Passwords and data then cross the network readable by all.</summary>
    public bool InsecureHttp { get; set; }

    /// <summary>Folders beneath which files may be linked or harvested. Nothing outside them is ever opened.</summary>
    public string[] Roots { get; set; } = [];

    /// <summary>Reader children of the local worker.</summary>
    /// <value>The number of processors; 0 runs no local worker.</value>
    [Range(0, 1024)]
    public int Readers { get; set; } = Environment.ProcessorCount;

    /// <summary>Whether the local worker locks its readers in: <c>auto</c> as well as this machine can, <c>require</c> fully or not at all, <c>none</c> not.</summary>
    /// <value><c>auto</c></value>
    [AllowedValues("auto", "require", "none")]
    public string Sandbox { get; set; } = "auto";

    /// <summary>Whether files are read again by themselves, in the background, when a worker came with newer readers; else an administrator starts it on the page Readers.</summary>
    public bool RereadAfterUpgrade { get; set; } = true;

    /// <summary>Demo data at the first start.</summary>
    public bool Demo { get; set; } = true;

    /// <summary>Largest single file accepted, in bytes.</summary>
    /// <value>16 TiB</value>
    [Range(1, long.MaxValue)]
    public long MaxFileBytes { get; set; } = 16L << 40;

    /// <summary>
    /// Slowest sender of a file that is waited for, in bytes per second on average over <see cref="UploadPatienceSeconds"/>. A slower one is ended: what came of a resumable
    /// upload is kept, of anything else nothing.
    /// </summary>
    /// <value>1000; 0 ends only those that send nothing at all.</value>
    [Range(0, 1_000_000_000)]
    public long UploadMinimumBytesPerSecond { get; set; } = 1000;

    /// <summary>How long a sender of a file may be slower or silent. Only time in which the hub waits for it counts.</summary>
    /// <value>60</value>
    [Range(1, 86400)]
    public int UploadPatienceSeconds { get; set; } = 60;

    /// <summary>Connections at once; further ones are closed. Over HTTP/1.1 an open page has up to six.</summary>
    /// <value>5000</value>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 5000;

    /// <summary>How long an unfinished upload is kept.</summary>
    [Range(1, 3650)]
    public int UploadDays { get; set; } = 7;

    /// <summary>How long the trash keeps what was thrown away before only a tombstone remains.</summary>
    [Range(1, 36500)]
    public int TrashDays { get; set; } = 30;

    /// <summary>The built browser application.</summary>
    /// <value><c>web</c> beside the executable</value>
    public string Web { get; set; } = Path.Combine(AppContext.BaseDirectory, "web");

    public string BlobFolder => Path.Combine(Data, "blobs");

    public string ArtifactFolder => Path.Combine(Data, "artifacts");

    public string IncomingFolder => Path.Combine(Data, "incoming");

    public string DatabaseFolder => Path.Combine(Data, "postgres");

    public string SecretFolder => Path.Combine(Data, "secrets");
}
