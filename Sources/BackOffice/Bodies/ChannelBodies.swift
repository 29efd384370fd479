package import Wire

/// `POST /v1/channels`.
package struct NewChannelBody: Codable, Sendable {
    package var code: ChannelCode

    package init(code: ChannelCode) { self.code = code }
}

package struct ChannelListBody: Codable, Sendable {
    package var channels: [ChannelCode]
}
