import Store
package import Wire

/// The cell that a terminal's modem named last: `last_cell` of a device. The members of `Cell` and `received_at`.
package struct CellBody: Codable, Sendable {
    package let cell: Cell
    /// By the server's clock: the terminal's may be wrong.
    package let receivedAt: Timestamp

    private enum Key: CodingKey { case received_at }

    /// `nil` for an event without one.
    init?(_ record: EventRecord) {
        guard let cell = record.event.cell else { return nil }
        self.cell = cell
        receivedAt = record.receivedAt
    }

    package init(from decoder: any Decoder) throws {
        cell = try Cell(from: decoder)
        receivedAt = try decoder.container(keyedBy: Key.self).decode(Timestamp.self, forKey: .received_at)
    }

    package func encode(to encoder: any Encoder) throws {
        try cell.encode(to: encoder)
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(receivedAt, forKey: .received_at)
    }
}
