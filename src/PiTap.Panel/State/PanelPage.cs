namespace PiTap.Panel.State;

/// <summary>What a display can show, in the order in which the button turns them.</summary>
public enum PanelPage
{
    /// <summary>How a phone joins the tap's network, and where the web page is.</summary>
    Join,

    /// <summary>The newest and the busiest parties.</summary>
    Live,

    /// <summary>The parties with most bytes.</summary>
    Parties,

    /// <summary>The named experiment, its time and its markers.</summary>
    Session,

    /// <summary>What was lost, and whether everything works.</summary>
    Health,

    /// <summary>A finding or a failure in one sentence. Comes by itself, and no button turns to it.</summary>
    Alert,
}
