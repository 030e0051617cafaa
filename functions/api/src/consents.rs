//! Who must not be texted, and the log of how that came to be. Both are read only: consent is the customer's.

use crate::answer::Answer;
use crate::call::Call;
use crate::error::ApiError;
use crate::pages;
use lanekeeper_platform::Platform;
use lanekeeper_storage::Listing;

/// `GET /api/v1/stores/{store}/opt-outs`.
pub async fn opt_outs<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    pages::page(call, Listing::OptOuts).await
}

/// `GET /api/v1/stores/{store}/consents`.
pub async fn events<P: Platform>(call: &Call<'_, P>) -> Result<Answer, ApiError> {
    pages::page(call, Listing::Consents).await
}
