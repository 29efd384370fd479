import HTTPServer
import Wire

/// `/v1/channels`
extension BackOffice {
    func channelsEndpoints() -> [Endpoint] {
        [
            Endpoint(
                .GET, "/v1/channels", "The channel catalogue", access: .roles(.readers),
                answers: [.json(200, "Every code.", "ChannelList")], work: .worker { _ in .json(200, try catalogue.list()) }),
            Endpoint(
                .POST, "/v1/channels", "Add a channel to the catalogue", access: .roles(.admins), body: "NewChannel",
                answers: [.json(201, "Every code, the new one among them.", "ChannelList")], problems: [.unknownChannel, .channelExists],
                work: .worker { call in .json(201, try catalogue.add(call.body(NewChannelBody.self).code, by: call.actor)) }),
        ]
    }
}
