namespace PiTap.Capture;

/// <summary>A source could not be opened. The message is a sentence for the person who asked for it: what, and what to do.</summary>
public sealed class CaptureException : Exception
{
    public CaptureException(string message)
        : base(message)
    {
    }

    public CaptureException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
