/// Every sentence that a vendor can get; the raw value is its key in the catalogue.
///
/// The English text says which `{parameters}` it takes; a test keeps the other languages to the same. Times, dates and numbers arrive written out.
package enum TextKey: String, Codable, Sendable, CaseIterable {
    // In a chat (WhatsApp, Freshchat). An answer is several of these, one a line.
    /// `reference`, `time`
    case locked
    /// `reference`, `time`
    case alreadyLocked = "already_locked"
    /// `terminal`, `time`
    case terminalStopped = "terminal_stopped"
    /// Not reached yet: `terminal`, `time` when it was last heard, `until` when its lease ends.
    case terminalWaiting = "terminal_waiting"
    /// Never reached, and its lease has ended: `terminal`, `time` when it was last heard.
    case terminalStoppedByItself = "terminal_stopped_by_itself"
    /// `terminal`
    case terminalNever = "terminal_never"
    case noTerminals = "no_terminals"
    case onlyStaffUnlock = "only_staff_unlock"
    /// `reference`
    case teach
    /// `reference`, `count`, `time` of the last one
    case allStopped = "all_stopped"
    /// The same whether or not the wallet exists, so without parameters.
    case refused
    case hint
    /// To an edited message.
    case resend
    /// `reference`, `done`, `total`, `seconds`
    case drillDone = "drill_done"
    /// `reference`
    case drillNoTerminals = "drill_no_terminals"
    /// `number`, `until`
    case numberChangeOld = "number_change_old"
    /// `reference_tail`
    case numberChangeNew = "number_change_new"
    case numberChangeCancelled = "number_change_cancelled"

    // On a request or a case, at each step. By SMS it may take several of them.
    /// `ticket`
    case requestOpened = "request_opened"
    /// It came by a way by which it cannot be asked: `ticket`, `email`
    case requestEmailNeeded = "request_email_needed"
    /// `ticket`, `email`
    case requestEmailReminder = "request_email_reminder"
    /// `ticket`
    case requestChecked = "request_checked"
    /// The shop has moved: `ticket`
    case requestVisitNeeded = "request_visit_needed"
    /// `ticket`
    case requestVisitPlanned = "request_visit_planned"
    /// A senior decides next: `ticket`
    case requestVisitDone = "request_visit_done"
    /// Nothing follows: `ticket`
    case requestVisitRecorded = "request_visit_recorded"
    /// The two positions do not agree: `ticket`
    case requestVisitFailed = "request_visit_failed"
    /// `ticket`
    case requestWrongAnswer = "request_wrong_answer"
    /// `ticket`
    case requestRefused = "request_refused"
    /// `ticket`
    case requestWithdrawn = "request_withdrawn"
    /// `ticket`
    case requestLapsed = "request_lapsed"
    /// `ticket`, `channel`
    case channelOpened = "channel_opened"
    /// To the number that is still linked: `ticket`
    case numberChangeAsked = "number_change_asked"
    /// `ticket`, `terminal`
    case terminalRecovered = "terminal_recovered"
    /// `ticket`, `terminal`
    case terminalWrittenOff = "terminal_written_off"
    /// `ticket`, `reference_tail`
    case accountReopened = "account_reopened"
    /// The vendor's own hold is released, another stands: `ticket`, `reference_tail`
    case accountStillLocked = "account_still_locked"
    /// Asks for the access code: `ticket`, `terminal`
    case deviceWrite = "device_write"
    /// `ticket`, `terminal`
    case deviceReminder = "device_reminder"
    /// `ticket`
    case deviceAnswered = "device_answered"
    /// `ticket`, `terminal`
    case deviceWrongCode = "device_wrong_code"
    /// `ticket`, `terminal`
    case deviceOpened = "device_opened"
    /// `ticket`, `terminal`
    case deviceGivenUp = "device_given_up"
    /// `ticket`
    case complaintReceived = "complaint_received"
    /// `ticket`
    case complaintSettled = "complaint_settled"
    /// `ticket`, `amount`
    case complaintRefunded = "complaint_refunded"
    /// `ticket`
    case complaintRejected = "complaint_rejected"

    // One SMS each: 160 letters of GSM 7-bit or 70 of UCS-2, counted with 8 characters of `reference`, "14:05", one digit a count and 16 of `until`.
    /// `reference`, `time`, `done`, `total`
    case smsLocked = "sms_locked"
    /// `reference`, `time`, `done`, `total`
    case smsAlreadyLocked = "sms_already_locked"
    /// `reference`, `time`
    case smsAllStopped = "sms_all_stopped"
    case smsRefused = "sms_refused"
    /// Teaches LOCK: carriers swallow a STOP.
    case smsHint = "sms_hint"
    /// `reference`, `done`, `total`, `seconds`
    case smsDrill = "sms_drill"
    /// `until`
    case smsNumberChangeOld = "sms_number_change_old"
    case smsNumberChangeNew = "sms_number_change_new"

    // One USSD screen each: 182 letters of GSM 7-bit or 91 of UCS-2.
    case ussdAsk = "ussd_ask"
    case ussdAgain = "ussd_again"

    // At the terminal that refuses: see `Catalogue.sentence(for:)`.
    case reasonAccountLocked = "reason_account_locked"
    case reasonDeviceLocked = "reason_device_locked"
    case reasonChannelNotPermitted = "reason_channel_not_permitted"
    case reasonDeviceNotRegistered = "reason_device_not_registered"
    case reasonRegisteredToAnotherAccount = "reason_registered_to_another_account"
    case reasonTooManyDevices = "reason_too_many_devices"
    case reasonDeviceDecommissioned = "reason_device_decommissioned"
    case reasonAccountUnknown = "reason_account_unknown"
}
