package import Wire

/// What has a lock state: what a hold is on and what `onCommit` names. What a note is about is a `NoteSubject`.
package enum Subject: Sendable, Hashable {
    case account(AccountReference)
    case device(IMEI)
}
