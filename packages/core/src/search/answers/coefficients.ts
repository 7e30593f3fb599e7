/**
 * Written by `npm run eval -- answers-fit`: logistic regression on XQuAD and on the companies of
 * packages/acceptance/src/companies.ts. docs/answers.md has the measurements, of questions that the fit has not seen.
 */
export const coefficients = {
  /** Does a sentence contain what is asked for? */
  rank: [
    // bias
    -7.4509,
    // share in the sentence
    1.8243,
    // its square
    2.1225,
    // words in the sentence
    1.4876,
    // share with its neighbours and headings
    2.2795,
    // share in the chunk
    -0.1369,
    // heaviest missing word
    1.0164,
    // missing words
    0.3958,
    // names with neighbours and headings
    -0.1291,
    // names in the chunk
    1.0936,
    // share of similar words
    4.0788,
    // words that follow each other
    -0.2683,
    // cosine
    3.2038,
    // has what is asked for
    0.0624,
    // lacks what is asked for
    -0.6649,
    // lacks an amount
    -1.1809,
    // has a date
    0.0953,
    // lacks a date
    -0.9856,
    // has a name
    -0.1373,
    // lacks a name
    -0.6314,
    // has the unit
    0.5168,
    // lacks the unit
    -0.3764,
    // nearness
    0.2992,
    // length
    -0.2034,
    // new words
    -0.6063,
    // is a row or an item
    0.1724,
    // begins with a pronoun
    0.0163,
    // words of the question
    0.2347,
    // score of the hit
    -0.5944,
    // relative score of the hit
    2.1882,
    // share in no hit
    -0.165,
    // keyword score
    0.0378,
    // vector score
    -3.3685,
    // share in the question above
    3.6452,
    // the question above is the same
    0.7699,
  ],
  /** Does the answer that quotes the best sentences contain it? */
  support: [
    // bias
    -0.7136,
    // share in the sentence
    -1.234,
    // its square
    -1.3996,
    // words in the sentence
    0.8451,
    // share with its neighbours and headings
    2.0655,
    // share in the chunk
    1.7198,
    // heaviest missing word
    -0.3676,
    // missing words
    -1.2377,
    // names with neighbours and headings
    -0.6794,
    // names in the chunk
    0.7956,
    // share of similar words
    0.2216,
    // words that follow each other
    0.4934,
    // cosine
    0.988,
    // has what is asked for
    -0.163,
    // lacks what is asked for
    -0.3169,
    // lacks an amount
    0.7752,
    // has a date
    -0.0489,
    // lacks a date
    0.8092,
    // has a name
    0.2772,
    // lacks a name
    -0.1175,
    // has the unit
    0.2722,
    // lacks the unit
    0.4335,
    // nearness
    0.1566,
    // length
    -0.1394,
    // new words
    0.6147,
    // is a row or an item
    0.6059,
    // begins with a pronoun
    -0.1264,
    // words of the question
    0.9522,
    // score of the hit
    1.0108,
    // relative score of the hit
    -0.571,
    // share in no hit
    0.1375,
    // keyword score
    -0.0589,
    // vector score
    0.5909,
    // share in the question above
    0.2603,
    // the question above is the same
    0.5846,
    // logit
    1.7598,
    // likelihood
    0.5795,
    // lead over the next sentence
    -0.4018,
    // lead over the next document
    0.3269,
    // length of the answer
    0.5787,
    // single sentence
    -0.2057,
    // likelihood of the best three
    -1.1187,
    // logit × share in the sentence
    0.5725,
    // logit × share in the chunk
    -1.2256,
    // logit squared
    0.3123,
    // share in the sentence × in the chunk
    -0.4095,
    // share in the chunk squared
    -0.2912,
    // share with its neighbours squared
    -0.3926,
    // lacks × share in the sentence
    -0.1846,
    // from the best hit
    0.6932,
    // best score
    0.3,
    // best score squared
    -3.2411,
    // sentences that have what is asked for
    -0.3699,
    // sentences with the same share
    -0.4714,
    // english
    0.3393,
    // german
    0.3726,
    // spanish
    0.153,
    // arabic
    0.3279,
    // hindi
    0.0,
    // russian
    0.5633,
    // simple
    0.6509,
  ],
};
