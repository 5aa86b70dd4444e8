// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors
#pragma once

#include "domain/calendar/legal_time.hpp"
#include "domain/tariff/engine.hpp"

#include <memory>

/// One maker per tariff use case; each lives in the file of its name.
namespace smgw::tariff {

std::unique_ptr<engine> make_taf1(const profile::evaluation& p, const calendar::legal_time& zone);
std::unique_ptr<engine> make_taf2(const profile::evaluation& p, const calendar::legal_time& zone);
std::unique_ptr<engine> make_taf3(const profile::evaluation& p, const calendar::legal_time& zone);
std::unique_ptr<engine> make_taf4(const profile::evaluation& p, const calendar::legal_time& zone);
std::unique_ptr<engine> make_taf5(const profile::evaluation& p, const calendar::legal_time& zone);
std::unique_ptr<engine> make_taf6(const profile::evaluation& p, const calendar::legal_time& zone);
std::unique_ptr<engine> make_taf7(const profile::evaluation& p, const calendar::legal_time& zone);
std::unique_ptr<engine> make_taf8(const profile::evaluation& p, const calendar::legal_time& zone);
std::unique_ptr<engine> make_taf9(const profile::evaluation& p, const calendar::legal_time& zone);
std::unique_ptr<engine> make_taf10(const profile::evaluation& p, const calendar::legal_time& zone);
std::unique_ptr<engine> make_taf11(const profile::evaluation& p, const calendar::legal_time& zone);
std::unique_ptr<engine> make_taf12(const profile::evaluation& p, const calendar::legal_time& zone);
std::unique_ptr<engine> make_taf14(const profile::evaluation& p, const calendar::legal_time& zone);
/// Shows what another use case yields under the name of TAF 13.
std::unique_ptr<contract> make_taf13(std::unique_ptr<contract> source, profile::evaluation p);

}  // namespace smgw::tariff
