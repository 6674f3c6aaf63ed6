using PiTap.Catalogue.Names;

namespace PiTap.Host.Output;

/// <summary>
/// A host name as people read it: in Unicode with the form that was sent beside it, and marked where it mixes scripts, as that is made to
/// look like another name. Where there is little room, as it was sent.
/// </summary>
internal static class HostCell
{
    public static Cell Of(string host) => HostText.Of(host) is { Unicode: not null } text ? new Cell(text.ToString(), host) : host;
}
