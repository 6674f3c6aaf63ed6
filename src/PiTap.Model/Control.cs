namespace PiTap.Model;

/// <summary>
/// What a running capture can be told, by a button, a page or another process. Each caller gets the answer to its own command; a sentence
/// in a
/// <see cref="ControlException"/> says why there is none.
/// </summary>
public interface IControl
{
    /// <summary>Forgets a device: its records, names and addresses, in the analysis, in the live state and in the store.</summary>
    /// <param name="device">The device (<see cref="DeviceRecord.Id"/>).</param>
    /// <param name="cancellation">The caller's own patience; a command that has begun is done all the same.</param>
    /// <exception cref="ControlException">The daemon is too busy or about to end, or could not do it.</exception>
    Task<ForgottenRecords> ForgetDeviceAsync(string device, CancellationToken cancellation);
}

/// <summary>A command was not carried out; the message is a sentence for people.</summary>
public sealed class ControlException : Exception
{
    /// <summary>With the sentence.</summary>
    public ControlException(string message)
        : base(message)
    {
    }

    /// <summary>With the sentence and what led to it.</summary>
    public ControlException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
