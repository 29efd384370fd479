import Store
package import Wire

/// The channel codes that accounts and terminals may name: data, so that an operator adds one without a new build.
package struct ChannelCatalogue: Sendable {
    private let environment: Environment

    package init(environment: Environment) { self.environment = environment }

    package func list() throws -> ChannelListBody {
        ChannelListBody(channels: try environment.store.read { try $0.channelCatalogue() })
    }

    /// Codes that differ only in upper and lower case would be mistaken for one another.
    package func add(_ code: ChannelCode, by actor: Actor) throws -> ChannelListBody {
        let now = environment.now
        return try environment.store.write { writer in
            if let known = try writer.channelCatalogue().first(where: { $0.text.lowercased() == code.text.lowercased() }) {
                throw Problem(.channelExists, "The catalogue has the channel \(known) already.")
            }
            try writer.insertChannel(code)
            try writer.appendNote(actor.officeNote(at: now, kind: "channel_added", text: "Channel \(code) added to the catalogue."))
            return ChannelListBody(channels: try writer.channelCatalogue())
        }
    }
}
