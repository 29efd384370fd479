package import Wire

/// What a hold or a note is about.
package enum Subject: Sendable, Hashable {
    case account(AccountReference)
    case device(IMEI)
}
