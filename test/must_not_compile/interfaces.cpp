// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// The promises of typed interfaces, one per case: each must be refused by the compiler (run.sh names the case).
#include "actors/discipline.hpp"

namespace smgw {
struct append {};
struct receipt {};
struct rotate {};
struct stranger {};
}  // namespace smgw
SMGW_MESSAGE(append)
SMGW_MESSAGE(receipt)
SMGW_MESSAGE(rotate)
#ifndef CASE_UNDECLARED_MESSAGE
SMGW_MESSAGE(stranger)
#endif

namespace smgw {

using log_actor = interface<answers<append, receipt>, hears<rotate>>;

log_actor::behavior_type complete(log_actor::pointer) {
  return {[](const append&) { return receipt{}; }, [](const rotate&) {}};
}

#ifdef CASE_MISSING_HANDLER
log_actor::behavior_type wrong(log_actor::pointer) {
  return {[](const append&) { return receipt{}; }};
}
#endif
#ifdef CASE_WRONG_REPLY
log_actor::behavior_type wrong(log_actor::pointer) {
  return {[](const append&) { return 1; }, [](const rotate&) {}};
}
#endif
#ifdef CASE_UNKNOWN_MESSAGE
void wrong(caf::event_based_actor* self, const log_actor& log) { self->send(log, stranger{}); }
#endif
#ifdef CASE_UNDECLARED_MESSAGE
void wrong(caf::event_based_actor* self, const caf::actor& to) { self->send(to, stranger{}); }
#endif

}  // namespace smgw
