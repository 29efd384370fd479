/// The party that placed a hold. Releasing one party's hold never lifts another's.
package enum HoldKind: String, CaseIterable, Codable, Sendable {
    case vendor, staff, fraud
}
