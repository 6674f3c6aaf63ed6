using System.Runtime.InteropServices;
using PiTap.Host.Platform;

namespace PiTap.Host.Output;

/// <summary>The reader of a pipe went away, or the terminal: nothing more is wanted.</summary>
internal sealed class OutputClosedException : IOException
{
    public OutputClosedException()
        : base("The reader of the output is gone.")
    {
    }
}

/// <summary>
/// Standard output or error, written straight to the descriptor. The base library's console stream drops what goes to a closed
/// pipe and reports success, so <c>pitap flows | head</c> would go on to the end of the store.
/// </summary>
internal sealed class DescriptorStream(int descriptor) : WriteOnlyStream
{
    /// <summary>Asked for at the begin: a terminal whose window was closed is none any more.</summary>
    private readonly bool _isTerminal = NativeMethods.IsTerminal(descriptor) == 1;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            nint written = NativeMethods.Write(descriptor, buffer, (nuint)buffer.Length);
            if (written > 0)
                buffer = buffer[(int)written..];
            else
                WaitOrThrow(Marshal.GetLastPInvokeError());
        }
    }

    public override void Flush()
    {
    }

    private void WaitOrThrow(int error)
    {
        switch (error)
        {
            case NativeMethods.Eintr:
                return;
            case NativeMethods.Eagain:
                NativeMethods.PollDescriptor wanted = new() { Descriptor = descriptor, Events = NativeMethods.PollOut };
                _ = NativeMethods.Poll(ref wanted, 1, -1);
                return;
            case NativeMethods.Epipe:
            case NativeMethods.Eio when _isTerminal:
                throw new OutputClosedException();
            default:
                throw new IOException($"The output cannot be written: {Marshal.GetPInvokeErrorMessage(error)}.");
        }
    }
}
