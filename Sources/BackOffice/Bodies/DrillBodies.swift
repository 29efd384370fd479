package import Store
package import Wire

/// One drill and how far it has come.
package struct DrillBody: Codable, Sendable {
    package struct Terminal: Codable, Sendable {
        package var imei: ShownIMEI
        package var confirmed_at: Timestamp?
        /// Milliseconds from the request to the terminal's confirmation.
        package var round_trip_ms: Int64?
    }
    package var id: String
    package var account: AccountReference
    package var requested_by: String
    package var source: String
    package var requested_at: Timestamp
    package var finished_at: Timestamp?
    package var terminals: [Terminal]

    package init(_ drill: DrillRecord, _ terminals: [DrillTerminalRecord]) {
        id = drill.id
        account = drill.account
        requested_by = drill.requestedBy
        source = drill.source
        requested_at = drill.requestedAt
        finished_at = drill.finishedAt
        self.terminals = terminals.map { terminal in
            Terminal(
                imei: .whole(terminal.imei), confirmed_at: terminal.confirmedAt,
                round_trip_ms: terminal.confirmedAt.map { max(0, $0.unixMilliseconds - drill.requestedAt.unixMilliseconds) })
        }
    }
}

package struct DrillListBody: Codable, Sendable {
    package var drills: [DrillBody]
}
