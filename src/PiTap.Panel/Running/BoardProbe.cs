using System.Device.I2c;

namespace PiTap.Panel.Running;

/// <summary>
/// Finds the board that is plugged in, as far as it can be found: displays on SPI and lights only listen, and never answer.
/// </summary>
internal static class BoardProbe
{
    /// <summary>Where small OLEDs are, by the place of a resistor.</summary>
    private static readonly int[] s_oledAddresses = [0x3C, 0x3D];

    private const int HeaderBus = 1;

    /// <summary>Which of the boards it is, and in a sentence why.</summary>
    public static (string Board, string Found) Find(IBoardBuses buses)
    {
        List<string> reasons = [];
        foreach (int address in s_oledAddresses)
        {
            try
            {
                using I2cDevice device = buses.I2c(HeaderBus, address);
                return ("oled-kit", $"a display answers at 0x{address:x2} on I2C bus {HeaderBus}: taken for oled-kit");
            }
            catch (IOException fault)
            {
                reasons.Add(fault.Message);
            }
        }
        return ("none", $"no board was found ({reasons[0]}); name the board if its display is on SPI");
    }
}
