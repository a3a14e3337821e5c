/** Where the line keeps what people judge of fraud. */
export const REVIEWS = "/v1/fraud/reviews";
export const LISTS = "/v1/fraud/lists";
