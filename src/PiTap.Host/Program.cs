using PiTap.Host;
using PiTap.Host.Platform;
using PiTap.Host.Output;

// What PiTap writes is about people: nobody but its owner reads it, whatever the shell's own mask is.
const uint OwnerOnly = 0x3f;
_ = NativeMethods.SetFileMask(OwnerOnly);
using Surface surface = Surface.Standard();
return CommandLine.Run(args, surface);
