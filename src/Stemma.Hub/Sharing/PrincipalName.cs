namespace Stemma.Hub.Sharing;

/// <summary>A person, group or program by name, as it is called now.</summary>
public sealed record PrincipalName(Guid Id, string Name);

public enum PrincipalKind
{
    Account,
    Group,
    Link,
    Everyone,
}

/// <summary>Whatever a grant can name.</summary>
/// <param name="Login">Of an account: several people may have one name.</param>
public sealed record Principal(Guid Id, PrincipalKind Kind, string Name, string? Login);
