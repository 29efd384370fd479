package import Store
package import Wire

/// `POST /v1/requests`. Which fields a kind needs: see `Requests.opening`.
package struct NewRequestBody: Codable, Sendable {
    package var kind: RequestKind
    package var account: AccountReference?
    /// The device that it is about: for a second channel the unregistered one, for a case the locked one.
    package var imei: IMEI?
    package var source: RequestSource
    package var text: String?
    package var channel: ChannelCode?
    /// Set where the shop has moved.
    package var new_address: String?
    /// The address that the vendor wrote from.
    package var email: String?
    package var new_number: String?
    package var evidence: [NewNumberChangeBody.Piece]?
    package var transaction: String?
    package var amount_cents: Int64?
    package var help_desk_ticket: String?

    package init(
        kind: RequestKind, account: AccountReference? = nil, imei: IMEI? = nil, source: RequestSource, text: String? = nil,
        channel: ChannelCode? = nil, new_address: String? = nil, email: String? = nil, transaction: String? = nil, amount_cents: Int64? = nil,
        help_desk_ticket: String? = nil
    ) {
        self.kind = kind
        self.account = account
        self.imei = imei
        self.source = source
        self.text = text
        self.channel = channel
        self.new_address = new_address
        self.email = email
        self.transaction = transaction
        self.amount_cents = amount_cents
        self.help_desk_ticket = help_desk_ticket
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            kind: try container.word(RequestKind.self, forKey: .kind),
            account: try container.decodeIfPresent(AccountReference.self, forKey: .account),
            imei: try container.decodeIfPresent(IMEI.self, forKey: .imei), source: try container.word(RequestSource.self, forKey: .source),
            text: try container.decodeIfPresent(String.self, forKey: .text),
            channel: try container.decodeIfPresent(ChannelCode.self, forKey: .channel),
            new_address: try container.decodeIfPresent(String.self, forKey: .new_address),
            email: try container.decodeIfPresent(String.self, forKey: .email),
            transaction: try container.decodeIfPresent(String.self, forKey: .transaction),
            amount_cents: try container.decodeIfPresent(Int64.self, forKey: .amount_cents),
            help_desk_ticket: try container.decodeIfPresent(String.self, forKey: .help_desk_ticket))
        new_number = try container.decodeIfPresent(String.self, forKey: .new_number)
        evidence = try container.decodeIfPresent([NewNumberChangeBody.Piece].self, forKey: .evidence)
    }
}

/// `POST …/sorting`: what an enquiry is, with the fields that its kind needs and the enquiry lacks.
package struct SortingBody: Codable, Sendable {
    package var kind: RequestKind
    package var account: AccountReference?
    package var imei: IMEI?
    package var channel: ChannelCode?
    package var new_address: String?
    package var email: String?
    package var transaction: String?
    package var amount_cents: Int64?
    /// What the vendor asks, where the enquiry does not say it well.
    package var text: String?

    package init(kind: RequestKind) { self.kind = kind }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        kind = try container.word(RequestKind.self, forKey: .kind)
        account = try container.decodeIfPresent(AccountReference.self, forKey: .account)
        imei = try container.decodeIfPresent(IMEI.self, forKey: .imei)
        channel = try container.decodeIfPresent(ChannelCode.self, forKey: .channel)
        new_address = try container.decodeIfPresent(String.self, forKey: .new_address)
        email = try container.decodeIfPresent(String.self, forKey: .email)
        transaction = try container.decodeIfPresent(String.self, forKey: .transaction)
        amount_cents = try container.decodeIfPresent(Int64.self, forKey: .amount_cents)
        text = try container.decodeIfPresent(String.self, forKey: .text)
    }
}

/// `POST …/answers`: what the vendor answered.
package struct AnswersBody: Codable, Sendable {
    package var name: String?
    package var surname: String?
    package var address: String?
    package var id_number: String?
    package var imei: String?
    package var is_owner: Bool?
    /// How level 1 made sure of it, where the e-mail alone does not show it.
    package var owner_confirmation: String?
    /// Where the shop has moved to.
    package var new_address: String?

    package init() {}

    var given: [AnswerField: String] {
        [.name: name, .surname: surname, .address: address, .id_number: id_number, .imei: imei].compactMapValues(\.self)
    }
}

/// `POST …/terminals`: what became of the stolen ones.
package struct TerminalsBody: Codable, Sendable {
    package struct Terminal: Codable, Sendable {
        package var imei: IMEI
        package var fate: TerminalFate

        enum CodingKeys: CodingKey { case imei, fate }

        package init(imei: IMEI, fate: TerminalFate) {
            self.imei = imei
            self.fate = fate
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            imei = try container.decode(IMEI.self, forKey: .imei)
            fate = try container.word(TerminalFate.self, forKey: .fate)
        }
    }

    package var terminals: [Terminal]
    package var note: String?

    package init(terminals: [Terminal], note: String?) {
        self.terminals = terminals
        self.note = note
    }
}

/// What became of a stolen terminal.
package enum TerminalFate: String, Codable, Sendable, CaseIterable {
    case recovered
    /// Taken out of service with the approval.
    case writtenOff = "written_off"
    /// It was never gone.
    case kept

    var title: String { self == .writtenOff ? "written off" : rawValue }
}

/// `POST …/attempts`: whether the owner's code opened the device.
package struct AttemptBody: Codable, Sendable {
    package var opened: Bool
    package var note: String?

    package init(opened: Bool, note: String?) {
        self.opened = opened
        self.note = note
    }
}

/// `POST …/proposal`: how a complaint is to be answered.
package struct ProposalBody: Codable, Sendable {
    package var outcome: RequestOutcome
    package var text: String
    package var amount_cents: Int64?

    package init(outcome: RequestOutcome, text: String, amount_cents: Int64?) {
        self.outcome = outcome
        self.text = text
        self.amount_cents = amount_cents
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        outcome = try container.word(RequestOutcome.self, forKey: .outcome)
        text = try container.decode(String.self, forKey: .text)
        amount_cents = try container.decodeIfPresent(Int64.self, forKey: .amount_cents)
    }
}

/// `POST …/emails`: an e-mail that staff received.
package struct EmailNoteBody: Codable, Sendable {
    package var from: String
    package var text: String?

    package init(from: String, text: String?) {
        self.from = from
        self.text = text
    }
}

/// `POST …/codes`: the owner's access code.
package struct AccessCodeBody: Codable, Sendable {
    package var code: String
    package init(code: String) { self.code = code }
}

/// `POST …/letters`: with a remark or without.
package struct LetterBody: Codable, Sendable {
    package var note: String?
    package init(note: String?) { self.note = note }
}

/// `POST …/comments`.
package struct CommentBody: Codable, Sendable {
    package var text: String
    package init(text: String) { self.text = text }
}

/// `POST …/visits`: where the field agent's telephone is now.
package struct VisitStartBody: Codable, Sendable {
    package var imei: IMEI?
    package var phone: Position
    package var note: String?

    package init(imei: IMEI?, phone: Position, note: String?) {
        self.imei = imei
        self.phone = phone
        self.note = note
    }
}
