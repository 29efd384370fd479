/// What a server answered, as it came.
package struct Reply: Sendable {
    package let status: Int
    package let headers: [(name: String, value: String)]
    package let body: [UInt8]

    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    package var text: String { String(decoding: body, as: UTF8.self) }
    /// `.null` when the body is not JSON.
    package var json: JSONValue { (try? JSONValue(body)) ?? .null }
    /// `code` of a problem document.
    package var code: String? { json["code"].string }
}
