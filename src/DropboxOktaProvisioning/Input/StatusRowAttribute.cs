using System.Collections;
using System.Management.Automation;

namespace DropboxOktaProvisioning.Input;

/// <summary>Takes rows that went through a job, a CSV or a JSON file for the rows that they were.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class StatusRowAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) => inputData switch
    {
        PSObject { BaseObject: IList list } => list.Cast<object>().Select(One).ToArray(),
        IList list => list.Cast<object>().Select(One).ToArray(),
        _ => One(inputData),
    };

    // What is no row at all is left to the binder, which says so.
    private static object One(object item)
    {
        var row = PSObject.AsPSObject(item);
        if (row.BaseObject is DropboxUserStatus || row.Properties["Email"] is null || row.Properties["Stage"] is null) return item;
        return new DropboxUserStatus
        {
            Email = Value<string>(row, nameof(DropboxUserStatus.Email)) ?? "",
            Name = Value<string>(row, nameof(DropboxUserStatus.Name)),
            Stage = Value<ProvisioningStage>(row, nameof(DropboxUserStatus.Stage)),
            Reason = Value<string>(row, nameof(DropboxUserStatus.Reason)) ?? "",
            NextAction = Value<NextAction>(row, nameof(DropboxUserStatus.NextAction)),
            PersonalAccount = Value<PersonalAccountLikelihood>(row, nameof(DropboxUserStatus.PersonalAccount)),
            DaysWaiting = Value<int?>(row, nameof(DropboxUserStatus.DaysWaiting)),
            OktaUserId = Value<string>(row, nameof(DropboxUserStatus.OktaUserId)),
            TeamMemberId = Value<string>(row, nameof(DropboxUserStatus.TeamMemberId)),
            TeamId = Value<string>(row, nameof(DropboxUserStatus.TeamId)),
            Department = Value<string>(row, nameof(DropboxUserStatus.Department)),
            Language = Value<string>(row, nameof(DropboxUserStatus.Language)),
            TimeZone = Value<string>(row, nameof(DropboxUserStatus.TimeZone)),
            CountryCode = Value<string>(row, nameof(DropboxUserStatus.CountryCode)),
            Manager = Value<string>(row, nameof(DropboxUserStatus.Manager)),
            ManagerId = Value<string>(row, nameof(DropboxUserStatus.ManagerId)),
            TileUrl = Value<Uri>(row, nameof(DropboxUserStatus.TileUrl)),
        };
    }

    private static T? Value<T>(PSObject row, string name)
    {
        var value = row.Properties[name]?.Value;
        if (value is null or "" || (value is PSObject { BaseObject: "" })) return default;
        try
        {
            return LanguagePrimitives.ConvertTo<T>(value is PSObject { BaseObject: Enum or ValueType } boxed && typeof(T).IsEnum ? boxed.ToString() : value);
        }
        catch (PSInvalidCastException error)
        {
            throw new ArgumentTransformationMetadataException($"The row's {name} '{value}' is not what Test-DropboxUserStatus gives: {error.Message}", error);
        }
    }
}
