namespace DropboxOktaProvisioning.Engine;

/// <summary>The stable ids of every error. Scripts branch on them: an id is never renamed.</summary>
public static class ErrorIds
{
    // Sign-in and connections
    public const string InvalidDomain = nameof(InvalidDomain);
    public const string InvalidToken = nameof(InvalidToken);
    public const string TokenRefused = nameof(TokenRefused);
    public const string MissingScope = nameof(MissingScope);
    public const string PermissionDenied = nameof(PermissionDenied);
    public const string NotConnected = nameof(NotConnected);
    public const string ConnectionClosed = nameof(ConnectionClosed);
    public const string NotAnOktaOrg = nameof(NotAnOktaOrg);
    public const string NotATeamToken = nameof(NotATeamToken);
    public const string AdminNotActive = nameof(AdminNotActive);
    public const string RefreshTokenRefused = nameof(RefreshTokenRefused);
    public const string KeyUnreadable = nameof(KeyUnreadable);
    public const string KeyProtected = nameof(KeyProtected);
    public const string KeyExpired = nameof(KeyExpired);
    public const string PrivateKeyMissing = nameof(PrivateKeyMissing);
    public const string SignInRefused = nameof(SignInRefused);
    public const string ClockSkewed = nameof(ClockSkewed);
    public const string InvalidScope = nameof(InvalidScope);
    public const string ScopeNotGranted = nameof(ScopeNotGranted);
    public const string NetworkZoneRefused = nameof(NetworkZoneRefused);
    public const string CodeRefused = nameof(CodeRefused);
    public const string SignInDenied = nameof(SignInDenied);
    public const string SignInTimedOut = nameof(SignInTimedOut);
    public const string SignInPortTaken = nameof(SignInPortTaken);
    public const string SignInNeedsPerson = nameof(SignInNeedsPerson);

    // The network and the services
    public const string ServiceUnreachable = nameof(ServiceUnreachable);
    public const string ServiceFailed = nameof(ServiceFailed);
    public const string RequestRefused = nameof(RequestRefused);
    public const string RateLimitExceeded = nameof(RateLimitExceeded);
    public const string MalformedAnswer = nameof(MalformedAnswer);
    public const string AnswerTooLarge = nameof(AnswerTooLarge);
    public const string ForeignNextLink = nameof(ForeignNextLink);
    public const string RepeatedPage = nameof(RepeatedPage);
    public const string CursorExpired = nameof(CursorExpired);
    public const string IncompleteList = nameof(IncompleteList);

    // The app and its switch
    public const string AppNotFound = nameof(AppNotFound);
    public const string AppAmbiguous = nameof(AppAmbiguous);
    public const string AppExists = nameof(AppExists);
    public const string AppNotAdded = nameof(AppNotAdded);
    public const string NotReady = nameof(NotReady);
    public const string SettingNotFound = nameof(SettingNotFound);
    public const string SettingAmbiguous = nameof(SettingAmbiguous);
    public const string SettingNotBoolean = nameof(SettingNotBoolean);
    public const string SettingNotPersisted = nameof(SettingNotPersisted);
    public const string BackupFailed = nameof(BackupFailed);

    // Parameters
    public const string ConflictingParameters = nameof(ConflictingParameters);

    // People
    public const string InvalidAddress = nameof(InvalidAddress);
    public const string PersonNotFound = nameof(PersonNotFound);
    public const string PersonAmbiguous = nameof(PersonAmbiguous);
    public const string PersonNotAssignable = nameof(PersonNotAssignable);
    public const string AssignmentUnclear = nameof(AssignmentUnclear);
    public const string GroupNotFound = nameof(GroupNotFound);
    public const string ActivationTimedOut = nameof(ActivationTimedOut);
    public const string GroupAmbiguous = nameof(GroupAmbiguous);

    // Files
    public const string InvalidPath = nameof(InvalidPath);
    public const string FileNotFound = nameof(FileNotFound);
    public const string FileUnreadable = nameof(FileUnreadable);
    public const string ColumnNotFound = nameof(ColumnNotFound);
    public const string InvalidCsv = nameof(InvalidCsv);
    public const string ReportExists = nameof(ReportExists);
    public const string ReportNotWritten = nameof(ReportNotWritten);

    // Notices
    public const string SenderMissing = nameof(SenderMissing);
    public const string InvalidSender = nameof(InvalidSender);
    public const string InvalidSenderLimit = nameof(InvalidSenderLimit);
    public const string InvalidSsoUrl = nameof(InvalidSsoUrl);
    public const string InvalidWebhook = nameof(InvalidWebhook);
    public const string TransportMissing = nameof(TransportMissing);
    public const string TemplateNotFound = nameof(TemplateNotFound);
    public const string TemplateInvalid = nameof(TemplateInvalid);
    public const string TemplateExists = nameof(TemplateExists);
    public const string PreviewUnavailable = nameof(PreviewUnavailable);
    public const string InvalidQuietHours = nameof(InvalidQuietHours);
    public const string InvalidTimeZone = nameof(InvalidTimeZone);
    public const string InvalidReminder = nameof(InvalidReminder);
    public const string TooManyNotices = nameof(TooManyNotices);
    public const string NoticeFailed = nameof(NoticeFailed);
    public const string NoticeUnknown = nameof(NoticeUnknown);
    public const string MailServerUnreachable = nameof(MailServerUnreachable);
    public const string MailServerRefused = nameof(MailServerRefused);
    public const string MailSignInRefused = nameof(MailSignInRefused);
    public const string MailTlsUnavailable = nameof(MailTlsUnavailable);
    public const string PickupUnavailable = nameof(PickupUnavailable);

    // Runs and plans
    public const string RunInProgress = nameof(RunInProgress);
    public const string PlanInvalid = nameof(PlanInvalid);
    public const string PlanTooNew = nameof(PlanTooNew);
    public const string PlanChanged = nameof(PlanChanged);
    public const string PlanForeign = nameof(PlanForeign);
    public const string PlanExpired = nameof(PlanExpired);
    public const string PlanOutdated = nameof(PlanOutdated);
    public const string PlanExists = nameof(PlanExists);
    public const string PlanUnwritable = nameof(PlanUnwritable);

    // The journal
    public const string JournalLocked = nameof(JournalLocked);
    public const string JournalReadOnly = nameof(JournalReadOnly);
    public const string JournalTooNew = nameof(JournalTooNew);
    public const string JournalCorrupt = nameof(JournalCorrupt);
    public const string JournalFull = nameof(JournalFull);
    public const string JournalUnavailable = nameof(JournalUnavailable);

    // The sandbox
    public const string SandboxNotRunning = nameof(SandboxNotRunning);

    // The module itself
    public const string UnexpectedFailure = nameof(UnexpectedFailure);
}
