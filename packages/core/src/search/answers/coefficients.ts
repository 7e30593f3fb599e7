/**
 * Written by `npm run eval -- answers-fit`: logistic regression on XQuAD and on the companies of
 * packages/acceptance/src/companies.ts. docs/answers.md has the measurements, of questions that the fit has not seen.
 */
export const coefficients = {
  /** Does a sentence contain what is asked for? */
  rank: [
    // bias
    -7.4813,
    // share in the sentence
    1.8372,
    // its square
    2.1077,
    // words in the sentence
    1.4807,
    // share with its neighbours and headings
    2.2863,
    // share in the chunk
    -0.1286,
    // heaviest missing word
    1.0118,
    // missing words
    0.4032,
    // names with neighbours and headings
    -0.1355,
    // names in the chunk
    1.1041,
    // share of similar words
    4.0867,
    // words that follow each other
    -0.2621,
    // cosine
    3.207,
    // has what is asked for
    0.0612,
    // lacks what is asked for
    -0.664,
    // lacks an amount
    -1.1703,
    // has a date
    0.0947,
    // lacks a date
    -0.9865,
    // has a name
    -0.1356,
    // lacks a name
    -0.6314,
    // has the unit
    0.58,
    // lacks the unit
    -0.5499,
    // nearness
    0.2983,
    // length
    -0.1962,
    // new words
    -0.5999,
    // is a row or an item
    0.1176,
    // begins with a pronoun
    0.021,
    // words of the question
    0.2367,
    // score of the hit
    -0.5979,
    // relative score of the hit
    2.189,
    // share in no hit
    -0.1582,
    // keyword score
    0.0377,
    // vector score
    -3.369,
    // share in the question above
    3.6594,
    // the question above is the same
    0.7685,
  ],
  /** Does the answer that quotes the best sentences contain it? */
  support: [
    // bias
    -0.7459,
    // share in the sentence
    -1.3795,
    // its square
    -1.3414,
    // words in the sentence
    0.4741,
    // share with its neighbours and headings
    2.4479,
    // share in the chunk
    2.0661,
    // heaviest missing word
    -0.175,
    // missing words
    -1.3621,
    // names with neighbours and headings
    -0.5274,
    // names in the chunk
    0.6289,
    // share of similar words
    -0.0389,
    // words that follow each other
    0.2738,
    // cosine
    0.8323,
    // has what is asked for
    0.1254,
    // lacks what is asked for
    -0.6147,
    // lacks an amount
    0.841,
    // has a date
    -0.0919,
    // lacks a date
    0.4711,
    // has a name
    0.1942,
    // lacks a name
    -0.4178,
    // has the unit
    0.2809,
    // lacks the unit
    0.5875,
    // nearness
    -0.1032,
    // length
    -0.4794,
    // new words
    0.3078,
    // is a row or an item
    0.6778,
    // begins with a pronoun
    -0.0646,
    // words of the question
    1.2272,
    // score of the hit
    0.8421,
    // relative score of the hit
    -0.5229,
    // share in no hit
    0.1482,
    // keyword score
    -0.0566,
    // vector score
    0.6436,
    // share in the question above
    0.6512,
    // the question above is the same
    0.4284,
    // logit
    1.8662,
    // likelihood
    0.5296,
    // lead over the next sentence
    -0.392,
    // lead over the next document
    0.3084,
    // length of the answer
    1.4861,
    // single sentence
    -0.2946,
    // likelihood of the best three
    -1.2596,
    // logit × share in the sentence
    0.3482,
    // logit × share in the chunk
    -0.9802,
    // logit squared
    0.1452,
    // share in the sentence × in the chunk
    -0.1686,
    // share in the chunk squared
    -0.4733,
    // share with its neighbours squared
    -0.8328,
    // lacks × share in the sentence
    0.2927,
    // from the best hit
    0.6287,
    // best score
    0.0692,
    // best score squared
    -3.0516,
    // sentences that have what is asked for
    -0.5558,
    // sentences with the same share
    -0.7211,
    // english
    0.5176,
    // german
    0.5687,
    // spanish
    0.2834,
    // arabic
    0.4013,
    // hindi
    0.0,
    // russian
    0.6903,
    // simple
    0.8573,
  ],
};
