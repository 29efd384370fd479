package import Wire

/// Every error code of the API with its status; `/openapi.json` lists them from here. A code never changes its meaning.
package enum ProblemCode: String, CaseIterable, Sendable {
    // What was sent is not right.
    case malformedRequest = "malformed_request"
    case malformedJSON = "malformed_json"
    case notUTF8 = "not_utf8"
    case tooDeep = "too_deep"
    case invalidBody = "invalid_body"
    case invalidIMEI = "invalid_imei"
    case invalidReference = "invalid_reference"
    case invalidNumber = "invalid_number"
    case invalidNonce = "invalid_nonce"
    case invalidQuery = "invalid_query"
    case invalidPosition = "invalid_position"
    case positionTooOld = "position_too_old"
    case unknownChannel = "unknown_channel"
    case unknownOperation = "unknown_operation"
    case emptyChannels = "empty_channels"
    case textRequired = "text_required"
    case publicKeyInvalid = "public_key_invalid"
    case invalidEvidence = "invalid_evidence"
    case invalidUserName = "invalid_user_name"
    case passwordWeak = "password_weak"
    case invalidRequest = "invalid_request"
    case invalidTicket = "invalid_ticket"
    case answerRequired = "answer_required"
    // Who asks may not.
    case unauthorized
    case signatureMissing = "signature_missing"
    case signatureWrong = "signature_wrong"
    case tokenReplayed = "token_replayed"
    case sessionRefused = "session_refused"
    case roleMayNot = "role_may_not"
    case signInRefused = "sign_in_refused"
    case passwordWrong = "password_wrong"
    case codeWrong = "code_wrong"
    case passwordChangeRequired = "password_change_required"
    case totpRequired = "totp_required"
    case crossSite = "cross_site"
    case enrolmentCodeUnknown = "enrolment_code_unknown"
    case enrolmentCodeForeign = "enrolment_code_foreign"
    case enrolmentCodeExpired = "enrolment_code_expired"
    case enrolmentCodeUsed = "enrolment_code_used"
    // What is named does not exist, or is otherwise already.
    case notFound = "not_found"
    case methodNotAllowed = "method_not_allowed"
    case accountNotFound = "account_not_found"
    case deviceNotFound = "device_not_found"
    case holdNotFound = "hold_not_found"
    case tokenNotFound = "token_not_found"
    case userNotFound = "user_not_found"
    case drillNotFound = "drill_not_found"
    case numberChangeNotFound = "number_change_not_found"
    case evidenceNotFound = "evidence_not_found"
    case requestNotFound = "request_not_found"
    case accountExists = "account_exists"
    case deviceExists = "device_exists"
    case tokenExists = "token_exists"
    case userExists = "user_exists"
    case totpConfirmed = "totp_confirmed"
    case totpNotBegun = "totp_not_begun"
    case channelExists = "channel_exists"
    case registeredToAnotherAccount = "registered_to_another_account"
    case alreadyEnrolled = "already_enrolled"
    case alreadyReleased = "already_released"
    case dropsLastChannel = "drops_last_channel"
    case deviceOfOtherAccount = "device_of_other_account"
    case notSignedIn = "not_signed_in"
    case notEnrolled = "not_enrolled"
    case alreadyDecommissioned = "already_decommissioned"
    case numberChangeNeedsRequest = "number_change_needs_request"
    case numberChangeOpen = "number_change_open"
    case numberChangeDecided = "number_change_decided"
    case numberChangeNotApproved = "number_change_not_approved"
    case numberChangedMeanwhile = "number_changed_meanwhile"
    case numberNotSuspended = "number_not_suspended"
    case sameNumber = "same_number"
    case samePerson = "same_person"
    case samePersonLinkedNumber = "same_person_linked_number"
    case coolingOffOver = "cooling_off_over"
    case accountClosed = "account_closed"
    case accountOpen = "account_open"
    case alreadyThere = "already_there"
    case notRegistered = "not_registered"
    case importRunning = "import_running"
    case auditRunning = "audit_running"
    case stepOutOfOrder = "step_out_of_order"
    case requestOpen = "request_open"
    case lockedAgain = "locked_again"
    case answersChanged = "answers_changed"
    case channelOpen = "channel_open"
    case noVendorHold = "no_vendor_hold"
    case lockStateDiffers = "lock_state_differs"
    case noCodeKey = "no_code_key"
    // A file that was understood, with rows that are wrong.
    case importRefused = "import_refused"
    // Limits and the world.
    case bodyTooLarge = "body_too_large"
    case headersTooLarge = "headers_too_large"
    case uriTooLong = "uri_too_long"
    case requestTimeout = "request_timeout"
    case tooManyTries = "too_many_tries"
    case providerNotConfigured = "provider_not_configured"
    case storeUnavailable = "store_unavailable"
    case overloaded
    case internalError = "internal_error"

    package var status: Int {
        switch self {
        case .malformedRequest, .malformedJSON, .notUTF8, .tooDeep, .invalidBody, .invalidIMEI, .invalidReference, .invalidNumber,
            .invalidNonce, .invalidQuery, .invalidPosition, .positionTooOld, .unknownChannel, .unknownOperation, .emptyChannels, .textRequired,
            .publicKeyInvalid, .invalidEvidence, .invalidUserName, .passwordWeak, .invalidRequest, .invalidTicket, .answerRequired:
            400
        case .unauthorized, .signatureMissing, .tokenReplayed, .sessionRefused, .signInRefused: 401
        case .roleMayNot, .signatureWrong, .enrolmentCodeUnknown, .enrolmentCodeForeign, .enrolmentCodeExpired, .enrolmentCodeUsed,
            .passwordWrong, .codeWrong, .passwordChangeRequired, .totpRequired, .crossSite:
            403
        case .notFound, .accountNotFound, .deviceNotFound, .holdNotFound, .tokenNotFound, .drillNotFound,
            .numberChangeNotFound, .evidenceNotFound, .userNotFound, .requestNotFound:
            404
        case .methodNotAllowed: 405
        case .requestTimeout: 408
        case .accountExists, .deviceExists, .tokenExists, .channelExists, .registeredToAnotherAccount, .alreadyEnrolled, .alreadyReleased,
            .dropsLastChannel,
            .deviceOfOtherAccount, .notSignedIn, .notEnrolled, .alreadyDecommissioned, .numberChangeNeedsRequest, .numberChangeOpen,
            .numberChangeDecided,
            .numberChangeNotApproved, .numberChangedMeanwhile, .numberNotSuspended, .sameNumber, .samePerson, .coolingOffOver,
            .samePersonLinkedNumber, .userExists, .totpConfirmed, .totpNotBegun, .accountClosed, .accountOpen, .alreadyThere, .notRegistered,
            .importRunning, .auditRunning, .stepOutOfOrder, .requestOpen, .lockedAgain, .answersChanged, .channelOpen, .noVendorHold,
            .lockStateDiffers, .noCodeKey:
            409
        case .bodyTooLarge: 413
        case .uriTooLong: 414
        case .importRefused: 422
        case .tooManyTries: 429
        case .headersTooLarge: 431
        case .internalError: 500
        case .storeUnavailable, .overloaded, .providerNotConfigured: 503
        }
    }

    /// The code for a status that the HTTP room raises by itself.
    static func ofTransport(_ status: Int) -> ProblemCode {
        switch status {
        case 404: .notFound
        case 405, 501: .methodNotAllowed
        case 408: .requestTimeout
        case 413: .bodyTooLarge
        case 414: .uriTooLong
        case 431: .headersTooLarge
        case 503: .overloaded
        case 500...: .internalError
        default: .malformedRequest
        }
    }
}

extension Problem {
    /// - Parameter detail: what happened and what to do, one or two sentences, without secrets.
    package init(_ code: ProblemCode, _ detail: String) {
        self.init(status: code.status, code: code.rawValue, detail: detail)
    }
}
