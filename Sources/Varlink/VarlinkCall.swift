/// One call as it came: `{"method": "io.vendlock.Gate.Check", "parameters": {…}, "more": true}`. Parsed once.
/// - Source: varlink.org, "Method Call"
package struct VarlinkCall: Decodable {
    /// The full name, interface and member.
    package let method: String
    /// The client takes several replies.
    package let more: Bool
    /// The client takes no reply.
    package let oneway: Bool
    /// The client wants to leave Varlink after the reply; no method of ours does.
    package let upgrade: Bool
    /// Keeps the parsed message; nil when there were no parameters.
    private let retained: (any Decoder)?

    private enum CodingKeys: String, CodingKey { case method, parameters, more, oneway, upgrade }

    package init(from decoder: any Decoder) throws {
        let call = try decoder.container(keyedBy: CodingKeys.self)
        method = try call.decode(String.self, forKey: .method)
        more = try call.decodeIfPresent(Bool.self, forKey: .more) ?? false
        oneway = try call.decodeIfPresent(Bool.self, forKey: .oneway) ?? false
        upgrade = try call.decodeIfPresent(Bool.self, forKey: .upgrade) ?? false
        let present = try call.contains(.parameters) && !call.decodeNil(forKey: .parameters)
        retained = present ? try call.superDecoder(forKey: .parameters) : nil
    }

    /// What stands before the last dot: the interface; all of it when there is none.
    package var interface: Substring { method.lastIndex(of: ".").map { method[..<$0] } ?? method[...] }
    /// What stands after the last dot.
    package var member: Substring { method.lastIndex(of: ".").map { method[method.index(after: $0)...] } ?? "" }

    /// The parameters; throws the `InvalidParameter` to answer with. Keys that the type does not have are ignored.
    package func parameters<Parameters: Decodable>(as type: Parameters.Type) throws(VarlinkFault) -> Parameters {
        do {
            return try Parameters(from: retained ?? NoParameters())
        } catch let error as DecodingError {
            throw .invalidParameter(Self.name(error))
        } catch {
            throw .invalidParameter("parameters")
        }
    }

    /// `a.b` of the parameter that is missing or wrong; `parameters` when it is the whole.
    private static func name(_ error: DecodingError) -> String {
        let path: [any CodingKey] =
            switch error {
            case .keyNotFound(let key, let context): context.codingPath + [key]
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context): context.codingPath
            @unknown default: []
            }
        let inside = path.first?.stringValue == CodingKeys.parameters.stringValue ? path.dropFirst() : path[...]
        return inside.isEmpty ? "parameters" : inside.map(\.stringValue).joined(separator: ".")
    }
}
