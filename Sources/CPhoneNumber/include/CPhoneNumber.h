#pragma once

#ifdef __cplusplus
extern "C" {
#endif

/// Writes the E.164 form of `text` to `e164` (with a final zero). `region`: two letters for national numbers, "ZZ" for none.
/// Returns 0, or the library's PhoneNumberUtil::ErrorType, or -1 for a number that is too short or too long for its country.
int vendlock_phone_e164(const char *text, const char *region, char e164[20]);

/// Whether the library knows the region: two capital letters such as "ZA".
int vendlock_phone_knows_region(const char *region);

#ifdef __cplusplus
}
#endif
