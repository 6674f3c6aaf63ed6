namespace PiTap.Catalogue.Profiles;

/// <summary>Profiles that cannot be taken. The message is for the user: the first fault, and how many more there are.</summary>
public sealed class ProfileException : Exception
{
    internal ProfileException(IReadOnlyList<ProfileError> errors)
        : base(errors[0] + errors.Count switch
        {
            1 => "",
            2 => " There is 1 more fault in the profiles.",
            _ => $" There are {errors.Count - 1} more faults in the profiles.",
        }) =>
        Errors = errors;

    /// <summary>All faults, in the order of the files.</summary>
    public IReadOnlyList<ProfileError> Errors { get; }
}

/// <summary>Why a profile is refused.</summary>
/// <param name="File">The file, as the user knows it.</param>
/// <param name="Place">Where in it, for example <c>declared[3].domains[0]</c>; empty where the file as a whole is meant.</param>
/// <param name="Reason">What is wrong and what to do: sentences.</param>
public readonly record struct ProfileError(string File, string Place, string Reason)
{
    /// <summary>For example <c>my-app.json: ownDomains[0]: 'co.uk' is a public suffix. Give the domain below it.</c></summary>
    public override string ToString() => Place.Length == 0 ? $"{File}: {Reason}" : $"{File}: {Place}: {Reason}";
}
