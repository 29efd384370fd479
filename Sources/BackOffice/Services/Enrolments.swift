import Store
import Signing
package import Wire

/// Enrolment: a one-time code binds a terminal's key to its IMEI.
package struct Enrolments: Sendable {
    private let environment: Environment
    private let keys: ServerKeys
    private let pins: TerminalPins

    package init(environment: Environment, keys: ServerKeys, pins: TerminalPins) {
        self.pins = pins
        self.environment = environment
        self.keys = keys
    }

    package func enrol(_ body: EnrolmentRequest, from address: String) throws -> EnrolmentResponse {
        // libcrypto's own words say no more than that the bytes are no key.
        guard let publicKey = body.public_key.ed25519Bytes, (try? Ed25519PublicKey(bytes: publicKey)) != nil else {
            throw Problem(.publicKeyInvalid, "'public_key' must be an Ed25519 JWK: kty OKP, crv Ed25519, x of 32 bytes.")
        }
        let now = environment.now
        let hash = Devices.hash(ofCode: body.code)
        // A refusal that must leave a note is a value of the transaction, not an error: an error would undo the note.
        let outcome: Result<EnrolmentResponse, Problem> = try environment.store.write { writer in
            guard let code = try writer.enrolmentCode(hash: hash) else {
                return .failure(Problem(.enrolmentCodeUnknown, "This enrolment code is not known. Check it, or ask support for a new one."))
            }
            guard code.imei == body.imei else {
                return .failure(Problem(.enrolmentCodeForeign, "This enrolment code is for another device. Ask support for one for this IMEI."))
            }
            let catalogue = try writer.channelCatalogue()
            guard catalogue.contains(body.channel) else { return .failure(Problem.unknownChannel(body.channel.text, catalogue: catalogue)) }
            var device = try Devices.existing(body.imei, in: writer)
            let subject = device.governing.map(Subject.account) ?? .device(device.imei)
            let actor = Actor.terminal(device.imei, address: address)
            if let enrolled = device.publicKey, enrolled != publicKey {
                let text = "Enrolment of device \(device.imei) with another key refused: it is enrolled already."
                try writer.appendNote(actor.note(on: subject, at: now, kind: "enrolment_refused", text: text))
                return .failure(Problem(.alreadyEnrolled, "This IMEI is enrolled with another key. Ask support to end the old enrolment."))
            }
            guard code.usedAt == nil else {
                return .failure(Problem(.enrolmentCodeUsed, "This enrolment code has been used. Ask support for a new one."))
            }
            guard now < code.expiresAt else {
                return .failure(Problem(.enrolmentCodeExpired, "This enrolment code ran out at \(code.expiresAt). Ask support for a new one."))
            }
            try writer.markEnrolmentCodeUsed(hash: hash, at: now)
            device.publicKey = publicKey
            device.enrolledChannel = body.channel
            device.model = body.model ?? device.model
            try writer.updateDevice(device)
            try writer.appendNote(
                actor.note(on: subject, at: now, kind: "enrolled", text: "Device \(device.imei) enrolled on \(body.channel)."))
            try writer.touch(.device(device.imei))
            return .success(EnrolmentResponse(imei: device.imei, account: device.registeredTo, keys: try keys.publicSet, pins: pins.pins))
        }
        return try outcome.get()
    }
}
