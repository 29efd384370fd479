/// What a member of staff or a system may do in the back office.
package enum Role: String, CaseIterable, Codable, Sendable {
    case callCentre = "call_centre"
    case senior
    case fieldAgent = "field_agent"
    case auditor
    case `switch`
    case admin
}
