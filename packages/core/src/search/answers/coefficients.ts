/**
 * Written by `npm run eval -- answers-fit`: logistic regression on XQuAD and on the companies of
 * packages/acceptance/src/companies.ts. docs/answers.md has the measurements, of questions that the fit has not seen.
 */
export const coefficients = {
  /** Does a sentence contain what is asked for? */
  rank: [
    // bias
    -7.5174,
    // share in the sentence
    1.8405,
    // its square
    2.0777,
    // words in the sentence
    1.4726,
    // share with its neighbours and headings
    2.2804,
    // share in the chunk
    -0.1101,
    // heaviest missing word
    0.9806,
    // missing words
    0.4069,
    // names with neighbours and headings
    -0.1573,
    // names in the chunk
    1.1279,
    // share of similar words
    4.0732,
    // words that follow each other
    -0.2657,
    // cosine
    3.2573,
    // has what is asked for
    0.0607,
    // lacks what is asked for
    -0.6398,
    // lacks an amount
    -1.1806,
    // has a date
    0.0985,
    // lacks a date
    -1.0046,
    // has a name
    -0.1246,
    // lacks a name
    -0.6499,
    // has the unit
    0.7712,
    // lacks the unit
    -1.0513,
    // nearness
    0.2972,
    // length
    -0.1992,
    // new words
    -0.5605,
    // is a row or an item
    -0.1267,
    // begins with a pronoun
    0.0179,
    // words of the question
    0.2317,
    // score of the hit
    -0.6036,
    // relative score of the hit
    2.191,
    // share in no hit
    -0.1656,
    // keyword score
    0.0372,
    // vector score
    -3.347,
    // share in the question above
    3.6523,
    // the question above is the same
    0.7811,
  ],
  /** Does the answer that quotes the best sentences contain it? */
  support: [
    // bias
    -0.8226,
    // share in the sentence
    -1.3058,
    // its square
    -1.3629,
    // words in the sentence
    0.3905,
    // share with its neighbours and headings
    2.4779,
    // share in the chunk
    2.0821,
    // heaviest missing word
    -0.1494,
    // missing words
    -1.4034,
    // names with neighbours and headings
    -0.528,
    // names in the chunk
    0.6018,
    // share of similar words
    -0.1036,
    // words that follow each other
    0.29,
    // cosine
    0.7967,
    // has what is asked for
    0.1517,
    // lacks what is asked for
    -0.616,
    // lacks an amount
    0.9417,
    // has a date
    -0.0899,
    // lacks a date
    0.5351,
    // has a name
    0.1788,
    // lacks a name
    -0.6088,
    // has the unit
    0.2932,
    // lacks the unit
    0.2249,
    // nearness
    -0.1475,
    // length
    -0.4625,
    // new words
    0.3748,
    // is a row or an item
    0.7073,
    // begins with a pronoun
    -0.0629,
    // words of the question
    1.3478,
    // score of the hit
    0.8914,
    // relative score of the hit
    -0.5338,
    // share in no hit
    0.1236,
    // keyword score
    -0.0558,
    // vector score
    0.6803,
    // share in the question above
    0.6822,
    // the question above is the same
    0.4597,
    // logit
    1.8518,
    // likelihood
    0.5737,
    // lead over the next sentence
    -0.3896,
    // lead over the next document
    0.2955,
    // length of the answer
    1.4471,
    // single sentence
    -0.2934,
    // likelihood of the best three
    -1.2869,
    // logit × share in the sentence
    0.369,
    // logit × share in the chunk
    -0.9684,
    // logit squared
    0.1017,
    // share in the sentence × in the chunk
    -0.2483,
    // share in the chunk squared
    -0.4615,
    // share with its neighbours squared
    -0.8475,
    // lacks × share in the sentence
    0.2662,
    // from the best hit
    0.6433,
    // best score
    0.0285,
    // best score squared
    -3.0628,
    // sentences that have what is asked for
    -0.5697,
    // sentences with the same share
    -0.6629,
    // english
    0.5773,
    // german
    0.5627,
    // spanish
    0.2547,
    // arabic
    0.393,
    // hindi
    0.0,
    // russian
    0.825,
    // simple
    0.8866,
  ],
};
