// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 the smgw authors

// TAF 13, visualisation [Bereitstellung zur Visualisierung über die WAN-Schnittstelle]: the results of another use case
// for a display service that the consumer agreed to.
#include "domain/tariff/use_cases.hpp"

namespace smgw::tariff {
namespace {

class taf13 : public contract {
 public:
  taf13(std::unique_ptr<contract> source, profile::evaluation p) : source_(std::move(source)), profile_(std::move(p)) {}

  expected<step> consume(const list_entry& entry) override { return relabel(source_->consume(entry)); }
  expected<step> tick(timestamp now) override { return relabel(source_->tick(now)); }
  expected<step> happened(const tariff_event& event) override { return relabel(source_->happened(event)); }
  std::optional<timestamp> next_deadline() const override { return source_->next_deadline(); }
  std::optional<register_row> levels() const override { return source_->levels(); }
  cursor position() const override { return source_->position(); }
  const profile::evaluation& profile() const noexcept override { return profile_; }

 private:
  static expected<step> relabel(expected<step> s) {
    if (s)
      for (auto& r : s->results) r.taf = 13;
    return s;
  }
  std::unique_ptr<contract> source_;
  profile::evaluation profile_;
};

}  // namespace

std::unique_ptr<contract> make_taf13(std::unique_ptr<contract> source, profile::evaluation p) {
  return std::make_unique<taf13>(std::move(source), std::move(p));
}

}  // namespace smgw::tariff
