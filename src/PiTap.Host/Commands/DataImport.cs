using System.CommandLine;
using PiTap.Catalogue;
using PiTap.Catalogue.Import;
using PiTap.Catalogue.Packed;
using PiTap.Host.Arguments;
using PiTap.Host.Machine;
using PiTap.Host.Output;
using PiTap.Host.Platform;
using PiTap.Store.Files;

namespace PiTap.Host.Commands;

/// <summary>`pitap data import` and `pitap data undo`: newer data in the place of those that PiTap carries, and back.</summary>
internal static class DataImport
{
    public static Command Import(Surface surface)
    {
        Argument<string[]> files = new("FILE")
        {
            Description = "A database of countries (mmdb), or lists of ranges (csv) with countries, or with the numbers and names of "
                + "networks; two files where each has one family of addresses.",
            Arity = ArgumentArity.OneOrMore,
        };
        files.Validators.Add(CommonOptions.NoOptions);
        Option<string> place = new("--as")
        {
            Description = "The set that countries take the place of: hosted, or hosted-second.",
            HelpName = "SET",
            DefaultValueFactory = static _ => SetImport.CountrySets[0],
        };
        place.AcceptOnlyFromAmong([.. SetImport.CountrySets]);
        Option<string> db = CommonOptions.Db();
        Command command = new("import",
            "Read newer data and use them in the place of those that PiTap carries. They are kept beside the store.") { files, place, db };
        command.SetAction(parsed =>
        {
            ImportFile[] given = [.. parsed.GetRequiredValue(files).Select(Read)];
            ImportedSet set = SetImport.Read(given, parsed.GetRequiredValue(place), out string? error)
                ?? throw new CliException($"Nothing was imported: {error}.");
            ImportedSets sets = new(CommonOptions.NamedStore(parsed, db));
            SetDescription before = Lookups.Load().Sets.First(own => own.Name == set.Description.Name);
            sets.Save(set);
            surface.Paragraph($"{Numbers.Of(set.Description.Rows, "row")} of {set.Description.Date:yyyy-MM-dd} for '{before.Name}' are "
                + $"used from now on, in the place of {Numbers.Count(before.Rows)} of {before.Date:yyyy-MM-dd} that PiTap carries. "
                + $"'pitap data undo {before.Name}' takes them out.");
            surface.Out.Flush();
            return ExitCode.Ok;
        });
        return command;
    }

    public static Command Undo(Surface surface)
    {
        Argument<string> set = new("SET") { Description = "The imported set, as 'pitap data show' names it." };
        set.AcceptOnlyFromAmong([.. SetImport.Sets]);
        Option<string> db = CommonOptions.Db();
        Command command = new("undo", "Take an imported set out, and use the one that PiTap carries.") { set, db };
        command.SetAction(parsed =>
        {
            string name = parsed.GetRequiredValue(set);
            if (new ImportedSets(CommonOptions.NamedStore(parsed, db)).Remove(name))
                return ExitCode.Ok;
            surface.Say($"Nothing was imported for '{name}'; see 'pitap data show'.");
            return ExitCode.Failed;
        });
        return command;
    }

    private static ImportFile Read(string path)
    {
        string target = FileKinds.Of(path) == FileKind.Link ? File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName : path;
        if (FileKinds.Of(target) == FileKind.Nothing)
            throw new CliException($"There is no file {path}.");
        // To open a pipe may wait for ever.
        if (FileKinds.Obstacle(FileKinds.Of(target)) is { } obstacle)
            throw new CliException($"{path} is {obstacle}, not a file.");
        FileInfo file = new(target);
        if (file.Length > SetImport.MaxFileBytes)
            throw new CliException($"{path} has {ByteSize.Format(file.Length)}, more than {ByteSize.Format(SetImport.MaxFileBytes)}.");
        return new ImportFile(Path.GetFileName(path), File.ReadAllBytes(target), DateOnly.FromDateTime(file.LastWriteTimeUtc));
    }
}
