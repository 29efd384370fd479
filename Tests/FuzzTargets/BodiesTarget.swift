import BackOffice
import Wire

extension FuzzTarget {
    /// Bodies of requests, as the server reads them.
    static let bodies = FuzzTarget(name: "bodies") {
        { bytes in
            try readsBack(EventBatch.self, bytes)
            try readsBack(EnrolmentRequest.self, bytes)
            try readsBack(ConnectionRequest.self, bytes)
            try readsBack(NewAccountBody.self, bytes)
            try readsBack(NewDeviceBody.self, bytes)
            try readsBack(NewHoldBody.self, bytes)
            try readsBack(NewRequestBody.self, bytes)
            try readsBack(AnswersBody.self, bytes)
            try readsBack(VisitStartBody.self, bytes)
            try readsBack(NewNumberChangeBody.self, bytes)
        }
    }

    /// What was understood is written, and understood again: the second writing is the first.
    private static func readsBack<Body: Codable>(_ type: Body.Type, _ bytes: [UInt8]) throws {
        let body: Body
        do throws(JSONRefusal) {
            body = try JSON.decode(type, from: bytes)
        } catch {
            try hold(!error.description.isEmpty, "nobody learns what is wrong with it")
            return
        }
        let written = JSON.encode(body)
        let again: [UInt8]
        do throws(JSONRefusal) {
            again = JSON.encode(try JSON.decode(type, from: written))
        } catch {
            throw Broken(description: "\(type) cannot be read back: \(error): \(String(decoding: written, as: UTF8.self))")
        }
        try hold(
            again == written, "\(type) is written as \(String(decoding: written, as: UTF8.self)), then as \(String(decoding: again, as: UTF8.self))")
    }
}
