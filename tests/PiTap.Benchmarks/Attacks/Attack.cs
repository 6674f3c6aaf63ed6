namespace PiTap.Benchmarks.Attacks;

/// <summary>A kind of hostile traffic: Ethernet frames, as many as are asked for.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Packets">How many make the table's row.</param>
/// <param name="Goal">What it goes for, in a few words.</param>
/// <param name="Frames">The frames; the argument says how many.</param>
internal sealed record Attack(string Name, int Packets, string Goal, Func<int, IEnumerable<byte[]>> Frames);
