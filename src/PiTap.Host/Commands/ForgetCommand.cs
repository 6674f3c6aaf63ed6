using System.CommandLine;
using PiTap.Host.Arguments;
using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Host.Remote;
using PiTap.Model;

namespace PiTap.Host.Commands;

/// <summary>`pitap forget`: leaves nothing of a device.</summary>
internal static class ForgetCommand
{
    public static Command Create(Surface surface)
    {
        Argument<string> device = new("DEVICE")
        {
            Description = "The device: its identifier or its name, as 'pitap devices' shows them.",
            CustomParser = static result => CommonOptions.NotEmpty(result, CommonOptions.Single(result)) ?? "",
        };
        device.Validators.Add(CommonOptions.NoOptions);
        Option<string> db = CommonOptions.Db();
        Command command = new("forget",
            "Remove a device from the store, and from a capture that is running: its records, names and addresses.") { device, db };
        command.SetAction(parsed => Run(surface, parsed.GetRequiredValue(device), CommonOptions.StorePath(parsed, db)));
        return command;
    }

    private static int Run(Surface surface, string device, string db)
    {
        DeviceRecord[] meant = Find(device, db);
        if (meant.Length > 1)
        {
            surface.Say($"{meant.Length} devices are called '{device}': name one of them by its identifier: {string.Join(", ", meant.Select(static one => one.Id))}.");
            return ExitCode.Usage;
        }
        // An identifier may stand in records although the device has none of its own.
        string? id = meant.Length == 1 ? meant[0].Id : DeviceText.IsId(device) ? DeviceText.Id(device) : null;
        ForgottenRecords? forgotten = id is null
            ? null
            : StoreAccess.OpenControl(db, surface.Clock, surface.Say).ForgetDeviceAsync(id, CancellationToken.None).GetAwaiter()
                .GetResult();
        if (forgotten is null || forgotten is { Flows: 0, Lookups: 0, Contacts: 0, Minutes: 0, Devices: 0 })
        {
            surface.Say($"There is no device '{device}' in {db}; see 'pitap devices'.");
            return ExitCode.Failed;
        }
        surface.Paragraph(Sentence(id!, forgotten));
        surface.Out.Flush();
        return ExitCode.Ok;
    }

    private static string Sentence(string id, ForgottenRecords forgotten) =>
        $"{id} is forgotten: {Numbers.Count(forgotten.Flows)} flows, {Numbers.Count(forgotten.Lookups)} name lookups, "
        + $"{Numbers.Count(forgotten.Contacts)} contacts and {Numbers.Count(forgotten.Minutes)} minute totals were removed.";

    /// <summary>
    /// Those with this identifier, else those with this name, also as tables show it where two have the same. Its name a device chooses
    /// itself: what can only be an identifier is no name.
    /// </summary>
    private static DeviceRecord[] Find(string device, string db)
    {
        using IStoreReader reader = StoreAccess.OpenReader(db);
        DeviceRecord[] all = [.. reader.Devices(StoreQuery.All)];
        string? id = DeviceText.Id(device);
        DeviceRecord[] byId = [.. all.Where(one => one.Id == id)];
        if (byId.Length > 0 || DeviceText.IsId(device))
            return byId;
        Roster roster = new(all);
        return [.. all.Where(one => IsCalled(one.DisplayName) || IsCalled(roster.Label(one.Id)))];

        bool IsCalled(string name) => string.Equals(name, device, StringComparison.OrdinalIgnoreCase);
    }
}
