using PiTap.Host;
using PiTap.Host.Output;

using Surface surface = Surface.Standard();
return CommandLine.Run(args, surface);
