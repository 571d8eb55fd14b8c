namespace Stemma.Worker.Sandboxing;

/// <summary>Whether reader children are to be locked in.</summary>
public enum SandboxMode
{
    /// <summary>As well as this machine can, saying how well.</summary>
    Auto,

    /// <summary>Fully, or not at all: the worker does not start without.</summary>
    Require,

    /// <summary>Not at all: readers run with everything the worker may do.</summary>
    None,
}
