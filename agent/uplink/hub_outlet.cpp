#include <fmt/format.h>

#include "agent/http/gunzip.hpp"
#include "agent/uplink/outlet.hpp"
#include "agent/uplink/web_sink.hpp"

namespace ot::agent {
namespace {

constexpr std::uint64_t kMostPreview = 64ULL << 20;

/// Both take either kind; the log of a proxy reads better so.
std::string target_of(const Parcel& parcel) {
  const bool has_assets =
      parcel.records.empty() || parcel.records.front().kind == store::RecordKind::asset;
  return has_assets ? "/ot/v1/host/import" : "/ot/v1/projectfile/import";
}

Outcome outcome_of(const store::Receipt& receipt, const Parcel& parcel) {
  if (receipt.acknowledged != parcel.head.sequence) {
    return Outcome(
        Outcome::Kind::unknown,
        fmt::format("the hub is at request {}, this is request {}: one of both stores is "
                    "not the one that it was",
                    receipt.acknowledged, parcel.head.sequence));
  }
  Outcome outcome;
  for (std::size_t i = 0; i < receipt.items.size(); ++i) {
    const auto& item = receipt.items[i];
    if (item.status == store::Receipt::Status::rejected) {
      outcome.refused.emplace_back(i, item.reason);
    }
  }
  return outcome;
}

class HubOutlet final : public Outlet {
 public:
  explicit HubOutlet(std::unique_ptr<WebSink> sink) : sink_(std::move(sink)) {}

  asio::awaitable<Outcome> send(const Parcel& parcel) override {
    auto target = target_of(parcel);
    auto body = parcel.body;
    auto reply = co_await sink_->post(std::move(target), std::move(body), true);
    if (!reply) {
      co_return agent::outcome_of(reply.error());
    }
    constexpr unsigned kDone = 200;
    if (reply->status != kDone) {
      co_return agent::outcome_of(*reply, sink_->url());
    }
    const auto receipt = receipt_from(reply->body, parcel.records.size());
    if (!receipt) {
      co_return Outcome(Outcome::Kind::later,
                        fmt::format("{}: {}", sink_->url().authority(), receipt.error().message()));
    }
    co_return outcome_of(*receipt, parcel);
  }

  std::string preview(const Parcel& parcel) override {
    const auto body = http::gunzip(parcel.body, kMostPreview);
    return fmt::format("{}\n{}\n", sink_->preview_of(target_of(parcel), parcel.body.size(), true),
                       body.value_or(std::string()));
  }

  asio::awaitable<void> close() override { return sink_->close(); }
  void abort() override { sink_->abort(); }

 private:
  std::unique_ptr<WebSink> sink_;
};

}  // namespace

Result<std::unique_ptr<Outlet>> make_hub_outlet(const asio::any_io_executor& executor,
                                                const SinkConfig& config) {
  auto sink = WebSink::open(executor, config);
  if (!sink) {
    return fail(std::move(sink).error());
  }
  return std::make_unique<HubOutlet>(std::move(*sink));
}

}  // namespace ot::agent
