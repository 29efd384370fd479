import HTTPServer
import Wire

/// Who may call: API tokens and their roles.
struct Callers: Sendable {
    let tokens: Tokens

    /// - Returns: the token's holder; `nil` where the endpoint needs none or checks its own credential.
    func check(_ request: HTTPRequest, _ access: Endpoint.Access) throws -> Tokens.Holder? {
        guard case .roles(let roles) = access else { return nil }
        guard let bearer = request.bearer, let holder = tokens.holder(of: String(bearer)) else {
            throw Problem(.unauthorized, "Send a valid API token: Authorization: Bearer TOKEN. An administrator issues them.")
        }
        guard roles.contains(holder.role) else {
            throw Problem(
                .roleMayNot, "The role '\(holder.role.rawValue)' may not do this; it takes \(roles.map(\.rawValue).joined(separator: " or ")).")
        }
        return holder
    }
}

extension [Role] {
    /// Who may look at accounts and devices: everybody who works here, but not the switch.
    static let readers: [Role] = [.callCentre, .senior, .fieldAgent, .auditor, .admin]
    static let lockers: [Role] = [.callCentre, .senior, .fieldAgent, .admin]
    static let desk: [Role] = [.callCentre, .senior, .admin]
    static let seniors: [Role] = [.senior, .admin]
    static let installers: [Role] = [.fieldAgent, .senior, .admin]
    static let admins: [Role] = [.admin]
    /// Who looks over the shoulder of those who work here.
    static let auditors: [Role] = [.auditor, .admin]
    static let switches: [Role] = [.switch, .admin]
}
